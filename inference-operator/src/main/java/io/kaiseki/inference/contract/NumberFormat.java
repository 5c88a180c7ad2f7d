package io.kaiseki.inference.contract;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Numbers in plain JSON notation within bounds. A prefix stands for the interval of all values that
 * it can still become; it is alive while that interval meets the bounds. Intervals are kept in
 * units of the last digit after the point, so all arithmetic is exact. Zero has no sign.
 */
final class NumberFormat implements ScalarFormat {

  private final BigInteger minimum;
  private final BigInteger maximum;
  private final int integerDigits;
  private final int fractionDigits;

  NumberFormat(AnswerType.Number type) {
    fractionDigits = type.fractionDigits();
    minimum = type.minimum().setScale(fractionDigits).unscaledValue();
    maximum = type.maximum().setScale(fractionDigits).unscaledValue();
    int digits = minimum.abs().max(maximum.abs()).toString().length();
    integerDigits = Math.max(1, digits - fractionDigits);
  }

  @Override
  public int maxLength() {
    return 1 + integerDigits + (fractionDigits > 0 ? 1 + fractionDigits : 0);
  }

  @Override
  public boolean canExtend(CharSequence prefix, char next) {
    int length = prefix.length();
    boolean negative = length > 0 ? prefix.charAt(0) == '-' : next == '-';
    int start = length > 0 && prefix.charAt(0) == '-' ? 1 : 0;
    int point = indexOf(prefix, '.');
    if (next == '-') {
      return length == 0 && minimum.signum() < 0;
    }
    if (next == '.') {
      return point < 0
          && fractionDigits > 0
          && length > start
          && meets(prefix, start, length, negative, ".");
    }
    if (next < '0' || next > '9') {
      return false;
    }
    if (point >= 0) {
      return length - point - 1 < fractionDigits
          && meets(prefix, start, point, negative, prefix.toString().substring(point) + next);
    }
    boolean leadingZero = length - start == 1 && prefix.charAt(start) == '0';
    return !leadingZero
        && length - start < integerDigits
        && meets(prefix.toString() + next, start, length + 1, negative, "");
  }

  @Override
  public boolean canEnd(CharSequence prefix) {
    int length = prefix.length();
    if (length == 0 || !Character.isDigit(prefix.charAt(length - 1))) {
      return false;
    }
    BigInteger value = new BigDecimal(prefix.toString()).setScale(fractionDigits).unscaledValue();
    boolean negativeZero = value.signum() == 0 && prefix.charAt(0) == '-';
    return !negativeZero && value.compareTo(minimum) >= 0 && value.compareTo(maximum) <= 0;
  }

  /**
   * Whether the values that start so meet the bounds.
   *
   * @param tail the point and the digits after it, or empty while more integer digits may come
   */
  private boolean meets(CharSequence text, int from, int to, boolean negative, String tail) {
    BigInteger whole = new BigInteger(text.subSequence(from, to).toString());
    BigInteger unit = BigInteger.TEN.pow(fractionDigits);
    if (!tail.isEmpty()) {
      int digits = tail.length() - 1;
      BigInteger step = BigInteger.TEN.pow(fractionDigits - digits);
      BigInteger fraction = digits == 0 ? BigInteger.ZERO : new BigInteger(tail.substring(1));
      BigInteger low = whole.multiply(unit).add(fraction.multiply(step));
      return meets(low, low.add(step).subtract(BigInteger.ONE), negative);
    }
    int spare = whole.signum() == 0 ? 0 : integerDigits - (to - from);
    for (int more = 0; more <= spare; more++) {
      BigInteger step = BigInteger.TEN.pow(more).multiply(unit);
      BigInteger low = whole.multiply(step);
      if (meets(low, low.add(step).subtract(BigInteger.ONE), negative)) {
        return true;
      }
    }
    return false;
  }

  private boolean meets(BigInteger low, BigInteger high, boolean negative) {
    if (negative && high.signum() == 0) {
      return false;
    }
    return negative
        ? low.max(BigInteger.ONE).negate().compareTo(minimum) >= 0
            && high.negate().compareTo(maximum) <= 0
        : high.compareTo(minimum) >= 0 && low.compareTo(maximum) <= 0;
  }

  private static int indexOf(CharSequence text, char wanted) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == wanted) {
        return i;
      }
    }
    return -1;
  }
}
