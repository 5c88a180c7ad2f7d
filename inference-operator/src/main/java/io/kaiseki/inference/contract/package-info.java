/**
 * From an Avro schema to a decoding constraint. {@link io.kaiseki.inference.contract.Contract} is
 * the compiled schema; bound to a model's vocabulary it drives a decoder that can only emit answers
 * valid under the schema. The decoder also drafts how an answer likely goes on, so that the model
 * can read several tokens at once.
 */
@NullMarked
package io.kaiseki.inference.contract;

import org.jspecify.annotations.NullMarked;
