package io.kaiseki.desk.model;

import io.kaiseki.desk.model.Column.Kind;
import io.kaiseki.desk.model.Column.Label;
import io.kaiseki.schemas.avro.Unions;
import io.kaiseki.schemas.feedback.FieldPath;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an analysis, which nobody configures: they are the fields of the answer in the
 * schema of the results topic, each with the fields within it. A record that contains itself is no
 * answer.
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
    return new Columns(schema.getName(), Objects.toString(schema.getDoc(), ""), fields(schema));
  }

  /** The column of a name. */
  public Optional<Column> named(String name) {
    return all.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /** What stands at a path; empty where no answer has anything there. */
  public Optional<Column> at(FieldPath path) {
    Optional<Column> at = named(path.field());
    for (FieldPath.Step step : path.steps()) {
      at =
          at.flatMap(
              column ->
                  step instanceof FieldPath.Step.Member member
                      ? column.field(member.name())
                      : Optional.ofNullable(column.items()));
    }
    return at;
  }

  private static List<Column> fields(Schema record) {
    return record.getFields().stream()
        .map(
            field ->
                column(
                    field.name(),
                    field.schema(),
                    Objects.toString(field.doc(), ""),
                    isQuote(field.getObjectProp(QUOTE))))
        .toList();
  }

  private static Column column(String name, Schema given, String doc, boolean quote) {
    Schema schema = Unions.withoutNull(given);
    Kind kind = kind(schema);
    boolean quotes = quote || isQuote(schema.getObjectProp(QUOTE));
    return new Column(
        name,
        kind,
        given.isNullable(),
        labels(schema),
        doc,
        quotes && kind != Kind.RECORD,
        kind == Kind.RECORD ? fields(schema) : List.of(),
        kind == Kind.LIST ? column("", schema.getElementType(), "", quotes) : null,
        schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
            ? decimal.getScale()
            : null);
  }

  private static boolean isQuote(@Nullable Object property) {
    return Boolean.TRUE.equals(property);
  }

  /** How values of a type are shown. */
  static Kind kind(Schema schema) {
    if (schema.getLogicalType() != null && schema.getType() != Schema.Type.BYTES) {
      return switch (schema.getLogicalType().getName()) {
        case "date" -> Kind.DATE;
        case "timestamp-millis", "timestamp-micros" -> Kind.MOMENT;
        case "decimal" -> Kind.NUMBER;
        default -> Kind.TEXT;
      };
    }
    return switch (schema.getType()) {
      case RECORD -> Kind.RECORD;
      case ARRAY -> Kind.LIST;
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
