package io.kaiseki.inference.privacy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Finds what a regular expression matches, in time linear in the text whatever the expression. */
record PatternDetector(String kind, Pattern pattern, UnaryOperator<String> identity)
    implements Detector {

  /**
   * Letters and digits of any script with their marks, since addresses are no longer ASCII alone
   * (RFC 6531), and the other characters of an atom (RFC 5322 section 3.2.3). Of those, the ones
   * that often stand before an address, such as brackets and asterisks, do not begin it.
   */
  private static final Pattern EMAIL =
      Pattern.compile(
          "[\\pL\\pN\\pM_%+\\-]"
              + "(?:[\\pL\\pN\\pM._%+'\\-!#$&*/=?^`{|}~]*[\\pL\\pN\\pM_%+\\-!#$&*/=?^`{|}~])?"
              + "@(?:[\\pL\\pN\\pM\\-]{1,63}\\.){1,8}"
              + "(?:xn--[A-Za-z0-9\\-]{2,59}|\\pL[\\pL\\pM]{1,62})");

  static Detector email(String kind) {
    return new PatternDetector(
        kind,
        EMAIL,
        address -> Normalizer.normalize(address, Normalizer.Form.NFC).toLowerCase(Locale.ROOT));
  }

  /**
   * What a user's expression matches.
   *
   * @throws com.google.re2j.PatternSyntaxException if it is none of RE2's
   */
  static Detector custom(String kind, String expression) {
    return new PatternDetector(kind, Pattern.compile(expression), UnaryOperator.identity());
  }

  @Override
  public void find(String text, Consumer<Found> found) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) {
        found.accept(
            new Found(matcher.start(), matcher.end(), kind, identity.apply(matcher.group())));
      }
    }
  }
}
