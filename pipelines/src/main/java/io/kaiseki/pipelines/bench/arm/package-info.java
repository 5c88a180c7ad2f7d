/**
 * The ways to have documents analysed that a bench compares, and the constraints that the foreign
 * ones need: a GBNF grammar and a JSON schema, both made from the contract.
 */
@NullMarked
package io.kaiseki.pipelines.bench.arm;

import org.jspecify.annotations.NullMarked;
