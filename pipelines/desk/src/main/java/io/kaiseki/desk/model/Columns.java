package io.kaiseki.desk.model;

import io.kaiseki.desk.model.Column.Kind;
import io.kaiseki.desk.model.Column.Label;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * The columns of an analysis, which nobody configures: they are the top-level fields of the answer
 * in the schema of the results topic.
 *
 * @param title what the schema calls itself
 * @param doc what it says about itself
 * @param all in the order of the schema
 */
public record Columns(String title, String doc, List<Column> all) {

  private static final String QUOTE = "quote";
  private static final String SYMBOL_DOCS = "symbolDocs";

  public Columns {
    all = List.copyOf(all);
  }

  /**
   * Reads them from the schema of a result.
   *
   * @throws IllegalArgumentException if it is no result envelope
   */
  public static Columns ofEnvelope(Schema envelope) {
    Schema.Field answer =
        envelope.getType() == Schema.Type.RECORD ? envelope.getField("answer") : null;
    if (answer == null || answer.schema().getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "schema " + envelope.getFullName() + " is no result envelope: it has no record 'answer'");
    }
    Schema schema = answer.schema();
    return new Columns(
        schema.getName(),
        Objects.toString(schema.getDoc(), ""),
        schema.getFields().stream().map(Columns::column).toList());
  }

  /** The column of a name. */
  public Optional<Column> named(String name) {
    return all.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  private static Column column(Schema.Field field) {
    Schema schema = withoutNull(field.schema());
    return new Column(
        field.name(),
        kind(schema),
        field.schema().isNullable(),
        labels(schema),
        Objects.toString(field.doc(), ""),
        Boolean.TRUE.equals(field.getObjectProp(QUOTE))
            || Boolean.TRUE.equals(schema.getObjectProp(QUOTE)));
  }

  private static Schema withoutNull(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    List<Schema> branches =
        schema.getTypes().stream().filter(type -> type.getType() != Schema.Type.NULL).toList();
    return branches.size() == 1 ? branches.get(0) : schema;
  }

  /** How values of a type are shown. */
  static Kind kind(Schema schema) {
    if (schema.getLogicalType() != null && schema.getType() != Schema.Type.BYTES) {
      return Kind.TEXT;
    }
    return switch (schema.getType()) {
      case ENUM -> Kind.LABEL;
      case BOOLEAN -> Kind.FLAG;
      case INT, LONG, FLOAT, DOUBLE, BYTES -> Kind.NUMBER;
      case STRING -> Kind.TEXT;
      default -> Kind.OTHER;
    };
  }

  private static List<Label> labels(Schema schema) {
    return switch (schema.getType()) {
      case BOOLEAN -> List.of(new Label("true", ""), new Label("false", ""));
      case ENUM -> {
        Map<?, ?> docs =
            schema.getObjectProp(SYMBOL_DOCS) instanceof Map<?, ?> given ? given : Map.of();
        yield schema.getEnumSymbols().stream()
            .map(symbol -> new Label(symbol, Objects.toString(docs.get(symbol), "")))
            .toList();
      }
      default -> List.of();
    };
  }
}
