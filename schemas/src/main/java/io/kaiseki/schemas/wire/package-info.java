/**
 * The Confluent wire format: a zero byte, the schema's id in the registry as four bytes, big end
 * first, and the record in Avro's binary encoding. What is written here every Confluent consumer
 * reads, and the other way round. Bytes come from outside and are not trusted.
 */
@NullMarked
package io.kaiseki.schemas.wire;

import org.jspecify.annotations.NullMarked;
