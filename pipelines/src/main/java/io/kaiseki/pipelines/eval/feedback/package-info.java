/** What people said at the desk, as labels. */
@NullMarked
package io.kaiseki.pipelines.eval.feedback;

import org.jspecify.annotations.NullMarked;
