/**
 * Documents that people have labelled, read from CSV or JSON Lines and checked against a contract.
 * Everything that is wrong with a file is found here, before any model is asked.
 */
@NullMarked
package io.kaiseki.pipelines.eval.labels;

import org.jspecify.annotations.NullMarked;
