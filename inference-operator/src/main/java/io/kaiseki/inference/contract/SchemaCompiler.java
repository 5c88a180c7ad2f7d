package io.kaiseki.inference.contract;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads an Avro schema into an {@link AnswerType} and collects every problem on the way. The
 * properties {@code minimum}, {@code maximum}, {@code minLength}, {@code maxLength}, {@code quote},
 * {@code minItems}, {@code maxItems}, {@code minConfidence} may stand at the field or at its type;
 * the field's win.
 */
final class SchemaCompiler {

  static final int DEFAULT_MAX_LENGTH = 256;
  static final int DEFAULT_MAX_ITEMS = 16;

  /**
   * Digits after the point of a float or double: enough for business figures. What is written is
   * within the bounds; the nearest value of the type, which it is read as, may miss them by what
   * the type can't tell apart, so that 0.7 can be the answer to a float of at least 0.7.
   */
  private static final int FRACTION_DIGITS = 6;

  /** Digits of a decimal; those of a schema from elsewhere could take all memory and time. */
  static final int MAX_PRECISION = 100;

  private static final BigDecimal UNBOUNDED = new BigDecimal("999999999999999");
  private static final int MAX_TEXT_LENGTH = 16_384;
  private static final int MAX_ITEMS = 1_024;

  private static final String NULL_ALONE =
      "null alone says nothing; use a union of null and a type";

  private static final String MIN_LENGTH = "minLength";
  private static final String MIN_CONFIDENCE = "minConfidence";
  private static final String CANT_ABSTAIN =
      MIN_CONFIDENCE
          + " needs a field that can be null and has labels; make its type a union of null and an"
          + " enum or boolean, or remove "
          + MIN_CONFIDENCE;

  private final List<String> problems = new ArrayList<>();
  private final Set<String> open = new LinkedHashSet<>();
  private final ExpandedSize size;

  private SchemaCompiler(ExpandedSize size) {
    this.size = size;
  }

  /**
   * Reads a schema.
   *
   * @param size counts the parts of the answer
   * @throws UnsupportedSchemaException naming every field that can't be expressed
   */
  static AnswerType.Composite compile(Schema schema, ExpandedSize size) {
    SchemaCompiler compiler = new SchemaCompiler(size);
    AnswerType type = null;
    if (schema.getType() != Schema.Type.RECORD) {
      compiler.problems.add(
          "result schema: must be a record, but is " + schema.getType().getName());
    } else {
      type = compiler.record("", schema);
      if (schema.getFields().isEmpty()) {
        compiler.problems.add("result schema " + schema.getFullName() + ": has no fields");
      }
    }
    if (size.exceeded()) {
      compiler.problems.add("result schema: " + ExpandedSize.problem());
    }
    if (!compiler.problems.isEmpty()) {
      throw new UnsupportedSchemaException(compiler.problems);
    }
    return (AnswerType.Composite) java.util.Objects.requireNonNull(type);
  }

  private AnswerType record(String path, Schema schema) {
    if (!open.add(schema.getFullName())) {
      return unsupported(
          path, "record " + schema.getFullName() + " contains itself; answers must be finite");
    }
    List<AnswerType.Field> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      String fieldPath = path.isEmpty() ? field.name() : path + "." + field.name();
      String doc = field.doc() == null ? "" : field.doc().strip();
      if (!size.add(fieldPath, doc)) {
        break;
      }
      if (field.getProp(LogicalType.LOGICAL_TYPE_PROP) != null) {
        // Avro ignores it there.
        unsupported(
            fieldPath,
            "logicalType "
                + field.getProp(LogicalType.LOGICAL_TYPE_PROP)
                + " must stand inside the type, not beside it");
      }
      AnswerType type = value(fieldPath, field.schema(), field, false);
      if (SchemaProperties.read(field, MIN_CONFIDENCE) != null && !mayAbstain(type)) {
        unsupported(fieldPath, CANT_ABSTAIN);
      }
      fields.add(new AnswerType.Field(field.name(), doc, type));
    }
    open.remove(schema.getFullName());
    return new AnswerType.Composite(List.copyOf(fields));
  }

  /**
   * @param field the field that the value is of, or that the array is of whose item the value is
   * @param item whether the value is an item of an array
   */
  private AnswerType value(
      String path, Schema schema, @Nullable JsonProperties field, boolean item) {
    if (SchemaProperties.read(schema, MIN_CONFIDENCE) != null) {
      unsupported(path, CANT_ABSTAIN);
    }
    return branch(path, schema, field, item);
  }

  /** As {@link #value}, where null may stand in the value's place. */
  private AnswerType branch(
      String path, Schema schema, @Nullable JsonProperties field, boolean item) {
    SchemaProperties properties = properties(path, field, schema);
    LogicalType logical = schema.getLogicalType();
    if (logical != null && schema.getType() != Schema.Type.UNION) {
      return logical(path, schema, logical, properties);
    }
    if (schema.getProp(LogicalType.LOGICAL_TYPE_PROP) != null) {
      // Avro reads it as the plain type, which is hardly what its author meant.
      return logical(path, schema, String.valueOf(schema.getProp(LogicalType.LOGICAL_TYPE_PROP)));
    }
    return switch (schema.getType()) {
      case RECORD -> record(path, schema);
      case ENUM -> enumeration(path, schema);
      case BOOLEAN -> new AnswerType.Truth();
      case STRING -> text(path, properties);
      case INT -> number(path, properties, whole(Integer.MIN_VALUE), whole(Integer.MAX_VALUE), 0);
      case LONG -> number(path, properties, whole(Long.MIN_VALUE), whole(Long.MAX_VALUE), 0);
      case FLOAT, DOUBLE ->
          number(path, properties, UNBOUNDED.negate(), UNBOUNDED, FRACTION_DIGITS);
      case ARRAY -> items(path, schema, field, item);
      case UNION -> union(path, schema, field, item);
      case MAP ->
          unsupported(path, "a map has open keys; use an array of records with a key field");
      case BYTES, FIXED ->
          unsupported(
              path,
              schema.getType().getName()
                  + " can't be written by a model; use string, or logicalType decimal");
      case NULL -> unsupported(path, NULL_ALONE);
    };
  }

  private AnswerType logical(
      String path, Schema schema, LogicalType logical, SchemaProperties properties) {
    if (logical instanceof LogicalTypes.Decimal decimal) {
      if (decimal.getPrecision() > MAX_PRECISION) {
        return unsupported(
            path,
            "precision of a decimal must be at most "
                + MAX_PRECISION
                + ", but is "
                + decimal.getPrecision());
      }
      BigDecimal largest =
          new BigDecimal(
              BigInteger.TEN.pow(decimal.getPrecision()).subtract(BigInteger.ONE),
              decimal.getScale());
      return number(path, properties, largest.negate(), largest, decimal.getScale());
    }
    if (logical instanceof LogicalTypes.Date) {
      return new AnswerType.Date();
    }
    if (logical instanceof LogicalTypes.TimestampMillis) {
      return new AnswerType.Timestamp();
    }
    return logical(path, schema, logical.getName());
  }

  private AnswerType logical(String path, Schema schema, String name) {
    return unsupported(
        path,
        "logicalType "
            + name
            + " of "
            + schema.getType().getName()
            + " is unknown or not valid there; supported are date of int, timestamp-millis of long,"
            + " and decimal of bytes or fixed, with a precision and a scale no greater than it");
  }

  private AnswerType enumeration(String path, Schema schema) {
    Map<String, String> docs = new LinkedHashMap<>();
    if (schema.getObjectProp("symbolDocs") instanceof Map<?, ?> map) {
      map.forEach(
          (symbol, doc) -> {
            if (schema.hasEnumSymbol(String.valueOf(symbol))) {
              size.add(String.valueOf(doc));
              docs.put(String.valueOf(symbol), String.valueOf(doc));
            } else {
              unsupported(path, "symbolDocs names " + symbol + ", which is no symbol of the enum");
            }
          });
    }
    if (schema.getEnumSymbols().isEmpty()) {
      return unsupported(path, "enum " + schema.getFullName() + " has no symbols");
    }
    for (String symbol : schema.getEnumSymbols()) {
      size.add(symbol);
    }
    return new AnswerType.Enumeration(List.copyOf(schema.getEnumSymbols()), docs);
  }

  private AnswerType text(String path, SchemaProperties properties) {
    int maxLength = properties.integer("maxLength", DEFAULT_MAX_LENGTH, 1, MAX_TEXT_LENGTH);
    if (properties.flag("quote")) {
      return new AnswerType.Quote(properties.integer(MIN_LENGTH, 1, 1, maxLength), maxLength);
    }
    return new AnswerType.Text(properties.integer(MIN_LENGTH, 1, 0, maxLength), maxLength);
  }

  private AnswerType number(
      String path,
      SchemaProperties properties,
      BigDecimal least,
      BigDecimal greatest,
      int fractionDigits) {
    BigDecimal minimum =
        properties
            .decimal("minimum", least)
            .max(least)
            .setScale(fractionDigits, RoundingMode.CEILING);
    BigDecimal maximum =
        properties
            .decimal("maximum", greatest)
            .min(greatest)
            .setScale(fractionDigits, RoundingMode.FLOOR);
    if (minimum.compareTo(maximum) > 0) {
      return unsupported(
          path,
          "no value lies between minimum "
              + properties.decimal("minimum", least).toPlainString()
              + " and maximum "
              + properties.decimal("maximum", greatest).toPlainString()
              + " with "
              + fractionDigits
              + " digits after the point");
    }
    return new AnswerType.Number(minimum, maximum, fractionDigits);
  }

  private AnswerType items(
      String path, Schema schema, @Nullable JsonProperties field, boolean item) {
    if (item && !size.add(path)) {
      // No field counts the arrays within its own.
      return new AnswerType.Truth();
    }
    // The field's bounds are those of its own array, not of arrays that are items of it.
    SchemaProperties properties = properties(path, item ? null : field, schema);
    int maxItems = properties.integer("maxItems", DEFAULT_MAX_ITEMS, 1, MAX_ITEMS);
    int minItems = properties.integer("minItems", 0, 0, maxItems);
    // maxLength, quote, minimum and maximum of an array field speak of its items.
    return new AnswerType.Items(
        value(path + "[]", schema.getElementType(), field, true), minItems, maxItems);
  }

  private AnswerType union(
      String path, Schema schema, @Nullable JsonProperties field, boolean item) {
    List<Schema> branches =
        schema.getTypes().stream().filter(branch -> branch.getType() != Schema.Type.NULL).toList();
    if (branches.isEmpty()) {
      return unsupported(path, NULL_ALONE);
    }
    if (branches.size() > 1) {
      return unsupported(
          path,
          "a union of several types is ambiguous to a reader of the answer; use null and one type");
    }
    if (!schema.isNullable()) {
      return value(path, branches.get(0), field, item);
    }
    AnswerType type = branch(path, branches.get(0), field, item);
    if (item) {
      return unsupported(path, "items of an array can't be null; leave the item out instead");
    }
    if (type instanceof AnswerType.Enumeration enumeration
        && enumeration.symbols().contains("null")) {
      return unsupported(path, "the symbol null can't be told from the union's null; rename it");
    }
    SchemaProperties properties = properties(path, field, branches.get(0));
    if (!type.closed()) {
      if (SchemaProperties.read(branches.get(0), MIN_CONFIDENCE) != null) {
        unsupported(path, CANT_ABSTAIN);
      }
      return new AnswerType.Nullable(type);
    }
    return new AnswerType.Nullable(type, properties.probability(MIN_CONFIDENCE));
  }

  private static boolean mayAbstain(AnswerType type) {
    return type instanceof AnswerType.Nullable nullable && nullable.closed();
  }

  private AnswerType unsupported(String path, String problem) {
    // A record that is used in many places has its problems in all of them.
    if (size.add(path, problem)) {
      problems.add((path.isEmpty() ? "result schema" : "field " + path) + ": " + problem);
    }
    return new AnswerType.Truth();
  }

  private SchemaProperties properties(String path, @Nullable JsonProperties field, Schema schema) {
    return new SchemaProperties(field, schema, problem -> unsupported(path, problem));
  }

  private static BigDecimal whole(long value) {
    return BigDecimal.valueOf(value);
  }
}
