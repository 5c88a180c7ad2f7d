/** What several measurements of one thing say together. */
@NullMarked
package io.kaiseki.pipelines.statistics;

import org.jspecify.annotations.NullMarked;
