/**
 * A finished evaluation as a terminal table, as JSON and as one HTML file with plots. No document
 * text is in any of them.
 */
@NullMarked
package io.kaiseki.pipelines.eval.report;

import org.jspecify.annotations.NullMarked;
