/** What every part of the product asks of Avro schemas, whatever they describe. */
@NullMarked
package io.kaiseki.schemas.avro;

import org.jspecify.annotations.NullMarked;
