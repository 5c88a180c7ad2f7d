package io.kaiseki.inference.contract;

import java.io.Serializable;
import org.apache.avro.Schema;

/** An Avro record schema, checked and compiled: the contract of an answer. */
public final class Contract implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String schemaJson;
  private transient Schema schema;

  private Contract(Schema schema) {
    this.schemaJson = schema.toString();
    this.schema = schema;
  }

  /**
   * Compiles a schema.
   *
   * @throws UnsupportedSchemaException naming every field that can't be expressed
   */
  public static Contract of(Schema schema) {
    return new Contract(schema);
  }

  /** The schema of the answer. */
  public Schema schema() {
    if (schema == null) {
      schema = new Schema.Parser().parse(schemaJson);
    }
    return schema;
  }
}
