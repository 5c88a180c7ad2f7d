/**
 * The records of the product, generated from the schemas beside this source: a document, a dead
 * letter, and what every result carries besides its answer. A getter may return null exactly where
 * the field's schema is a union with null, which a generated class can't tell in its signature;
 * hence this package alone makes no promise about null.
 */
@NullUnmarked
package io.kaiseki.schemas;

import org.jspecify.annotations.NullUnmarked;
