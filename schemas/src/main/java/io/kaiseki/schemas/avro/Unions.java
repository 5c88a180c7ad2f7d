package io.kaiseki.schemas.avro;

import java.util.List;
import org.apache.avro.Schema;

/** Unions of null and one type, the only ones that a contract has. */
public final class Unions {

  private Unions() {}

  /**
   * The schema of a value where it is there: what a union has besides null. A schema that is no
   * such union is returned as it is.
   */
  public static Schema withoutNull(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    List<Schema> branches =
        schema.getTypes().stream().filter(type -> type.getType() != Schema.Type.NULL).toList();
    return branches.size() == 1 ? branches.get(0) : schema;
  }
}
