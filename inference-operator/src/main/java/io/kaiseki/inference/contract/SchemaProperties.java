package io.kaiseki.inference.contract;

import java.math.BigDecimal;
import java.util.function.Consumer;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The bounds of one value, from its field first, then from its type. */
final class SchemaProperties {

  /** Stands for a number that Avro keeps, but gives as if it were not there. */
  private static final Object BEYOND_LONG =
      new Object() {
        @Override
        public String toString() {
          return "a whole number beyond 64 bits";
        }
      };

  private final @Nullable JsonProperties field;
  private final Schema schema;
  private final Consumer<String> problems;

  /**
   * @param field null where only the type counts
   * @param problems takes values that can't be
   */
  SchemaProperties(@Nullable JsonProperties field, Schema schema, Consumer<String> problems) {
    this.field = field;
    this.schema = schema;
    this.problems = problems;
  }

  private @Nullable Object get(String key) {
    Object value = field == null ? null : read(field, key);
    return value == null ? read(schema, key) : value;
  }

  int integer(String key, int otherwise, int least, int greatest) {
    Object value = get(key);
    if (value == null) {
      return Math.max(least, Math.min(otherwise, greatest));
    }
    if (value instanceof Integer number && number >= least && number <= greatest) {
      return number;
    }
    problems.accept(
        key + " must be a whole number from " + least + " to " + greatest + ", but is " + value);
    return least;
  }

  BigDecimal decimal(String key, BigDecimal otherwise) {
    Object value = get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number && Double.isFinite(((Number) value).doubleValue())) {
      return new BigDecimal(value.toString());
    }
    problems.accept(
        value == BEYOND_LONG
            ? key + " must be within 64 bits, or written as a fraction such as 1e19"
            : key + " must be a number, but is " + value);
    return otherwise;
  }

  /** A probability over 0; 0 where there is none. */
  double probability(String key) {
    Object value = get(key);
    if (value == null) {
      return 0;
    }
    if (value instanceof Number number && number.doubleValue() > 0 && number.doubleValue() <= 1) {
      return number.doubleValue();
    }
    problems.accept(key + " must be a number over 0 and at most 1, but is " + value);
    return 0;
  }

  boolean flag(String key) {
    Object value = get(key);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    problems.accept(key + " must be true or false, but is " + value);
    return false;
  }

  /**
   * A property as Avro gives it; something else than null where it is there and Avro gives none.
   */
  static @Nullable Object read(JsonProperties of, String key) {
    Object value = of.getObjectProp(key);
    return value == null && of.propsContainsKey(key) ? BEYOND_LONG : value;
  }
}
