package io.kaiseki.inference.privacy;

import com.google.re2j.PatternSyntaxException;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.privacy.Detector.Found;
import io.kaiseki.inference.privacy.MaskedText.Placeholder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces values by placeholders such as {@code [IBAN-1]}, numbered in the order of the text. Two
 * ways to write one value have one placeholder, and no placeholder is one that stands in the text
 * already. Where finds overlap, all that any of them covers becomes one value of the longest find's
 * kind, so nothing that was found stays visible. Safe for use by several threads.
 */
public final class Masker {

  private static final int LONGEST_PATTERN = 1_000;

  private final List<Detector> detectors;

  private Masker(List<Detector> detectors) {
    this.detectors = detectors;
  }

  /**
   * Makes a policy ready for use.
   *
   * @throws IllegalArgumentException naming a value that can't be looked for, or a country whose
   *     phone numbers are not known
   */
  public static Masker of(MaskingPolicy policy) {
    if (!policy.phoneRegion().isEmpty() && !knowsRegion(policy.phoneRegion())) {
      throw new IllegalArgumentException(
          "phone region "
              + policy.phoneRegion()
              + ": its phone numbers are not known; expected a country such as DE or US");
    }
    policy
        .values()
        .forEach(
            value ->
                problem(value)
                    .ifPresent(
                        problem -> {
                          throw new IllegalArgumentException(
                              "masked value " + value.kind() + ": " + problem);
                        }));
    return new Masker(
        policy.values().stream().map(value -> detector(value, policy.phoneRegion())).toList());
  }

  /**
   * What is wrong with a kind of value.
   *
   * @return the problem and what to do; empty if there is none
   */
  public static Optional<String> problem(MaskedValue value) {
    if (!(value instanceof MaskedValue.Custom custom)) {
      return Optional.empty();
    }
    if (custom.pattern().length() > LONGEST_PATTERN) {
      return Optional.of("the pattern is longer than " + LONGEST_PATTERN + " characters");
    }
    try {
      return com.google.re2j.Pattern.matches(custom.pattern(), "")
          ? Optional.of("the pattern matches the empty text; make it ask for a character at least")
          : Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of(
          "not a pattern in the syntax of RE2, which has no look-around and no back-references: "
              + e.getDescription()
              + (e.getPattern() == null ? "" : " at " + e.getPattern()));
    }
  }

  /** Whether the phone numbers of a country, by its ISO 3166 code, are known. */
  public static boolean knowsRegion(String region) {
    return PhoneDetector.knows(region);
  }

  private static Detector detector(MaskedValue value, String phoneRegion) {
    if (value instanceof MaskedValue.Custom custom) {
      return PatternDetector.custom(custom.kind(), custom.pattern());
    }
    return switch ((MaskedValue.Known) value) {
      case EMAIL -> PatternDetector.email(value.kind());
      case PHONE -> new PhoneDetector(value.kind(), phoneRegion);
      case CARD -> new CardDetector(value.kind());
      case IBAN -> new IbanDetector(value.kind());
    };
  }

  MaskedText mask(String text) {
    List<Found> all = new ArrayList<>();
    detectors.forEach(detector -> detector.find(text, all::add));
    // A stable sort: of equal finds, that of the kind named first is the first.
    all.sort(Comparator.comparingInt(Found::start).thenComparingInt(found -> -found.end()));
    return new Replacement(text).replace(united(all, text));
  }

  private static List<Found> united(List<Found> sorted, String text) {
    List<Found> united = new ArrayList<>();
    for (Found next : sorted) {
      Found last = united.isEmpty() ? null : united.get(united.size() - 1);
      if (last == null || next.start() >= last.end()) {
        united.add(next);
      } else if (next.end() > last.end()) {
        Found longer = next.end() - next.start() > last.end() - last.start() ? next : last;
        united.set(
            united.size() - 1,
            new Found(
                last.start(), next.end(), longer.kind(), text.substring(last.start(), next.end())));
      }
    }
    return united;
  }

  /** Makes one text. */
  private static final class Replacement {
    private final String original;
    private final StringBuilder text = new StringBuilder();
    private final List<Placeholder> placeholders = new ArrayList<>();
    private final Map<String, String> byIdentity = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Set<String>> written = new HashMap<>();

    Replacement(String original) {
      this.original = original;
    }

    MaskedText replace(List<Found> values) {
      int copied = 0;
      for (Found value : values) {
        text.append(original, copied, value.start());
        String placeholder =
            byIdentity.computeIfAbsent(
                value.kind() + ":" + value.identity(), identity -> named(value.kind()));
        int start = text.length();
        text.append(placeholder);
        placeholders.add(new Placeholder(start, text.length(), value.start(), value.end()));
        copied = value.end();
      }
      text.append(original, copied, original.length());
      return new MaskedText(original, text.toString(), placeholders, counts);
    }

    private String named(String kind) {
      counts.merge(kind, 1, Integer::sum);
      String opening = "[" + kind.toUpperCase(Locale.ROOT) + "-";
      Set<String> taken = written.computeIfAbsent(opening, this::written);
      String placeholder;
      do {
        placeholder = opening + numbers.merge(kind, 1, Integer::sum) + "]";
      } while (taken.contains(placeholder));
      return placeholder;
    }

    /** Whatever looks like a placeholder in the text; found once, since both can be long. */
    private Set<String> written(String opening) {
      Set<String> found = new HashSet<>();
      for (int at = original.indexOf(opening); at >= 0; ) {
        int end = at + opening.length();
        while (end < original.length() && Character.isDigit(original.charAt(end))) {
          end++;
        }
        if (end < original.length() && original.charAt(end) == ']') {
          found.add(original.substring(at, end + 1));
        }
        at = original.indexOf(opening, end);
      }
      return found;
    }
  }
}
