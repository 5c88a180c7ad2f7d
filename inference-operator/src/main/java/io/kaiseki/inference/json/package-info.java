/**
 * Answers and contracts in JSON: an answer as JSON, a contract as the JSON schema that
 * OpenAI-compatible servers take, and a JSON schema as the Avro schema of a contract.
 */
@NullMarked
package io.kaiseki.inference.json;

import org.jspecify.annotations.NullMarked;
