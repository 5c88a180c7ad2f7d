package io.kaiseki.schemas.wire;

/**
 * What the bytes of a message turned out to be.
 *
 * @param <T> type of the record
 */
public sealed interface Decoded<T> {

  /**
   * A record.
   *
   * @param record the record
   * @param schemaId id of the schema it was written with
   */
  record Value<T>(T record, int schemaId) implements Decoded<T> {}

  /**
   * No record, and none when tried again.
   *
   * @param reason what is wrong with the bytes
   * @param message the same in words; it never holds content of the message
   */
  record Undecodable<T>(Reason reason, String message) implements Decoded<T> {}

  /** What can be wrong with the bytes of a message. */
  enum Reason {
    /** There are none: a tombstone. */
    NO_VALUE,
    /** The first byte is not zero, so this is not the Confluent format. */
    BAD_MAGIC,
    /** The bytes end before the record does, or before a length that they declare. */
    TRUNCATED,
    /** The registry has no Avro schema under the id. */
    SCHEMA_UNKNOWN,
    /** The writer's schema can't be read as the schema that is expected. */
    INCOMPATIBLE,
    /** Bytes follow the record. */
    TRAILING_BYTES,
    /** The bytes are no record of the schema. */
    MALFORMED
  }
}
