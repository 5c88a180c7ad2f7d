/**
 * Rules that send results to further topics by what they say: expressions of the Common Expression
 * Language over an answer and its confidences. {@link io.kaiseki.pipelines.routing.RouteCheck}
 * refuses a wrong one before anything runs, {@link io.kaiseki.pipelines.routing.Router} applies
 * them. Nothing else of the product knows the language.
 */
@NullMarked
package io.kaiseki.pipelines.routing;

import org.jspecify.annotations.NullMarked;
