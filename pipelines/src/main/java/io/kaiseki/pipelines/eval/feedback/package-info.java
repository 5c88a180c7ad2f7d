/** What people said at the desk, as labels: read from topics, written as a file of labels. */
@NullMarked
package io.kaiseki.pipelines.eval.feedback;

import org.jspecify.annotations.NullMarked;
