package io.kaiseki.inference.sql;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The options of single columns: {@code 'enum.category' = 'billing,delivery'}. Behind the point
 * stands the column, or the path of a field in it, such as {@code lines.kind} in an array of rows.
 */
public enum ColumnOption {
  ENUM("enum", "", "The labels that a STRING may be, separated by commas."),
  QUOTE("quote", "quote", "true: a STRING of words that stand in the document exactly so."),
  MIN_LENGTH("min-length", "minLength", "Least length of a STRING, in characters; 1 unless set."),
  MAX_LENGTH(
      "max-length",
      "maxLength",
      "Greatest length of a STRING, in characters; that of VARCHAR(n), or 256, unless set."),
  MINIMUM("minimum", "minimum", "Least value of a number."),
  MAXIMUM("maximum", "maximum", "Greatest value of a number."),
  MIN_ITEMS("min-items", "minItems", "Least number of items of an ARRAY; 0 unless set."),
  MAX_ITEMS("max-items", "maxItems", "Greatest number of items of an ARRAY; 16 unless set."),
  MIN_CONFIDENCE(
      "min-confidence",
      "minConfidence",
      "Probability under which a label or BOOLEAN gives way to NULL.");

  private final String prefix;
  private final String property;
  private final String description;

  ColumnOption(String name, String property, String description) {
    this.prefix = name + ".";
    this.property = property;
    this.description = description;
  }

  /** What the key of the option begins with, the point included. */
  public String prefix() {
    return prefix;
  }

  /** What it does, for people. */
  public String description() {
    return description;
  }

  /** Key of the option for a column or a field of one. */
  public String key(String path) {
    return prefix + path;
  }

  /** The option that a key belongs to. */
  static Optional<ColumnOption> of(String key) {
    return Arrays.stream(values())
        .filter(option -> key.startsWith(option.prefix) && key.length() > option.prefix.length())
        .findFirst();
  }

  /** The property of an Avro schema that it sets; empty for that of the labels. */
  String property() {
    return property;
  }

  /**
   * The value as a schema property.
   *
   * @throws IllegalArgumentException if it has another form; the message tells which
   */
  Object parse(String value) {
    return switch (this) {
      case ENUM -> labels(value);
      case QUOTE -> truth(value);
      case MIN_LENGTH, MAX_LENGTH, MIN_ITEMS, MAX_ITEMS -> whole(value);
      case MINIMUM, MAXIMUM, MIN_CONFIDENCE -> number(value);
    };
  }

  private static List<String> labels(String value) {
    return Arrays.stream(value.split(",")).map(String::strip).toList();
  }

  private static Object truth(String value) {
    if (value.equals("true") || value.equals("false")) {
      return Boolean.valueOf(value);
    }
    throw new IllegalArgumentException("true or false");
  }

  private static Object whole(String value) {
    try {
      return Integer.valueOf(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number", e);
    }
  }

  private static Object number(String value) {
    BigDecimal number;
    try {
      number = new BigDecimal(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number", e);
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      // A fraction, or beyond what a long holds.
      double nearest = number.doubleValue();
      if (Double.isInfinite(nearest)) {
        throw new IllegalArgumentException("a number that a DOUBLE can hold", e);
      }
      return nearest;
    }
  }
}
