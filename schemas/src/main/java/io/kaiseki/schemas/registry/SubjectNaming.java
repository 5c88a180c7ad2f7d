package io.kaiseki.schemas.registry;

import org.apache.avro.Schema;

/**
 * Under which subject the schema of a topic's values is registered; Confluent's three strategies.
 */
public enum SubjectNaming {
  /** One schema per topic: {@code tickets-value}. The default. */
  TOPIC {
    @Override
    public String valueSubject(String topic, Schema schema) {
      return topic + "-value";
    }
  },
  /** One schema per record type, whatever the topic: {@code com.acme.Ticket}. */
  RECORD {
    @Override
    public String valueSubject(String topic, Schema schema) {
      return recordName(schema);
    }
  },
  /** One schema per record type within a topic: {@code tickets-com.acme.Ticket}. */
  TOPIC_RECORD {
    @Override
    public String valueSubject(String topic, Schema schema) {
      return topic + "-" + recordName(schema);
    }
  };

  /**
   * The subject for the values of a topic.
   *
   * @throws IllegalArgumentException if the strategy needs a record's name and the schema is of
   *     another type
   */
  public abstract String valueSubject(String topic, Schema schema);

  private static String recordName(Schema schema) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "a subject named after the record needs a record schema, but this is of type "
              + schema.getType().getName());
    }
    return schema.getFullName();
  }
}
