package io.kaiseki.inference.contract;

import java.time.YearMonth;

/** {@code YYYY-MM-DD}, or {@code YYYY-MM-DDTHH:MM:SSZ}; years 0001 to 9999, real days only. */
final class DateTimeFormat implements ScalarFormat {

  private static final String DATE = "0000-00-00";
  private static final String TIMESTAMP = "0000-00-00T00:00:00Z";

  private final String pattern;

  DateTimeFormat(boolean withTime) {
    pattern = withTime ? TIMESTAMP : DATE;
  }

  @Override
  public int maxLength() {
    return pattern.length();
  }

  @Override
  public boolean canEnd(CharSequence prefix) {
    return prefix.length() == pattern.length();
  }

  @Override
  public boolean canExtend(CharSequence prefix, char next) {
    int at = prefix.length();
    if (at >= pattern.length()) {
      return false;
    }
    if (pattern.charAt(at) != '0') {
      return next == pattern.charAt(at);
    }
    if (next < '0' || next > '9') {
      return false;
    }
    return switch (at) {
      case 3 -> next != '0' || !prefix.toString().equals("000");
      case 5 -> next <= '1';
      case 6 -> prefix.charAt(5) == '0' ? next != '0' : next <= '2';
      case 8 -> next <= (month(prefix) == 2 ? '2' : '3');
      case 9 -> dayExists(prefix, next);
      case 11 -> next <= '2';
      case 12 -> prefix.charAt(11) < '2' || next <= '3';
      case 14, 17 -> next <= '5';
      default -> true;
    };
  }

  private static int month(CharSequence prefix) {
    return number(prefix, 5, 7);
  }

  private static boolean dayExists(CharSequence prefix, char next) {
    int day = (prefix.charAt(8) - '0') * 10 + next - '0';
    return day >= 1 && day <= YearMonth.of(number(prefix, 0, 4), month(prefix)).lengthOfMonth();
  }

  private static int number(CharSequence text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }
}
