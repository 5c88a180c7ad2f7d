package io.kaiseki.inference.privacy;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import java.util.function.Consumer;

/**
 * Finds phone numbers that are valid in their country's numbering plan: those written with a
 * country code, and those of one country written without.
 *
 * @param region ISO 3166 code of that country; empty for none
 */
record PhoneDetector(String kind, String region) implements Detector {

  /** What the library calls a country that is not known. */
  private static final String NO_REGION = "ZZ";

  /** Whether numbers of a country are known. */
  static boolean knows(String region) {
    return PhoneNumberUtil.getInstance().getSupportedRegions().contains(region);
  }

  @Override
  public void find(String text, Consumer<Found> found) {
    PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
    Iterable<PhoneNumberMatch> matches =
        numbers.findNumbers(
            text, region.isEmpty() ? NO_REGION : region, Leniency.VALID, Long.MAX_VALUE);
    for (PhoneNumberMatch match : matches) {
      found.accept(
          new Found(
              match.start(),
              match.end(),
              kind,
              numbers.format(match.number(), PhoneNumberFormat.E164)));
    }
  }
}
