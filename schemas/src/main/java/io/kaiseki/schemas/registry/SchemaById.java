package io.kaiseki.schemas.registry;

import org.apache.avro.Schema;

/** What the registry has under an id. */
public sealed interface SchemaById {

  /** An Avro schema. */
  record Known(Schema schema) implements SchemaById {}

  /**
   * Nothing, or nothing that Avro can read; it will stay so.
   *
   * @param message which of the two, with the id and the registry's address
   */
  record Unknown(String message) implements SchemaById {}
}
