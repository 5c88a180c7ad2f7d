package io.kaiseki.inference.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Bounds of a number as JSON schema has them, as a contract has them: both ends are allowed. */
final class NumberBounds {

  private static final String MINIMUM = "minimum";
  private static final String MAXIMUM = "maximum";

  /** Digits behind the point with which an answer has a number that is not whole. */
  private static final int DIGITS = 6;

  private NumberBounds() {}

  /**
   * Makes a field's bounds as tight as those that exclude their value.
   *
   * @param field has the bounds that include theirs, and takes all
   * @param exclusive the others
   */
  static void read(ObjectNode field, ObjectNode exclusive, boolean whole) {
    // The next value that can be written: a whole number, or the last digit after the point. Where
    // numbers lie further apart than that, what is written must not be read as the bound either.
    int digits = whole ? 0 : DIGITS;
    BigDecimal step = BigDecimal.ONE.movePointLeft(digits);
    if (exclusive.has("exclusiveMinimum")) {
      BigDecimal below = decimal(exclusive.get("exclusiveMinimum"));
      BigDecimal least = below.setScale(digits, RoundingMode.FLOOR).add(step);
      least = whole ? least : least.max(nextUp(below.doubleValue()));
      if (!field.has(MINIMUM) || decimal(field.get(MINIMUM)).compareTo(least) < 0) {
        field.put(MINIMUM, least);
      }
    }
    if (exclusive.has("exclusiveMaximum")) {
      BigDecimal above = decimal(exclusive.get("exclusiveMaximum"));
      BigDecimal most = above.setScale(digits, RoundingMode.CEILING).subtract(step);
      most = whole ? most : most.min(nextUp(-above.doubleValue()).negate());
      if (!field.has(MAXIMUM) || decimal(field.get(MAXIMUM)).compareTo(most) > 0) {
        field.put(MAXIMUM, most);
      }
    }
    fit(field, MINIMUM);
    fit(field, MAXIMUM);
  }

  /** Avro gives no whole numbers beyond 64 bits, and no answer is as large as that. */
  private static void fit(ObjectNode field, String bound) {
    if (field.has(bound) && !field.get(bound).canConvertToLong()) {
      field.put(bound, field.get(bound).doubleValue());
    }
  }

  private static BigDecimal nextUp(double value) {
    return BigDecimal.valueOf(Math.min(Math.nextUp(value), Double.MAX_VALUE));
  }

  /** Fractions are read as Avro reads them: 1e-999999999 would have too many digits otherwise. */
  private static BigDecimal decimal(JsonNode number) {
    return number.isIntegralNumber()
        ? number.decimalValue()
        : BigDecimal.valueOf(number.doubleValue());
  }
}
