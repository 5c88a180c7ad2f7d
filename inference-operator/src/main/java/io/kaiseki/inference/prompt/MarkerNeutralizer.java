package io.kaiseki.inference.prompt;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the power from a model's own markers where they stand in a document, in instructions or in
 * the docs of a schema. Turning off special tokens is not enough: llama.cpp still finds tokens that
 * a file declares user-defined, as R1's files do with {@code <think>}. A space after a marker's
 * first character leaves it readable and makes it plain text; where markers hold spaces themselves,
 * another separator that none holds.
 */
public final class MarkerNeutralizer {

  /** In the order of preference; the last are private characters, which no tokenizer knows. */
  private static final String SEPARATORS = " ·_\uE000\uE001\uE002\uE003";

  private final @Nullable Pattern markers;
  private final char separator;

  /**
   * @param markers the texts of the model's control and user-defined tokens; blank ones are ignored
   */
  public MarkerNeutralizer(Collection<String> markers) {
    List<String> breakable =
        markers.stream()
            .filter(marker -> !marker.isBlank() && marker.codePointCount(0, marker.length()) > 1)
            .toList();
    separator =
        (char)
            SEPARATORS
                .chars()
                .filter(c -> breakable.stream().allMatch(marker -> marker.indexOf(c) < 0))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "the model's markers hold all of the characters that could break"
                                + " them"));
    String alternatives =
        breakable.stream()
            // The longest first: one marker may begin another.
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    this.markers = alternatives.isEmpty() ? null : Pattern.compile(alternatives);
  }

  /** The text with every marker broken; the same object where there is none. */
  public String neutralize(String text) {
    if (markers == null) {
      return text;
    }
    String result = text;
    // No marker holds the separator, so breaking one can't make another; but markers may overlap.
    for (Matcher matcher = markers.matcher(result); matcher.find(); ) {
      result = matcher.replaceAll(found -> Matcher.quoteReplacement(broken(found.group())));
      matcher = markers.matcher(result);
    }
    return result;
  }

  private String broken(String marker) {
    int first = marker.offsetByCodePoints(0, 1);
    return marker.substring(0, first) + separator + marker.substring(first);
  }
}
