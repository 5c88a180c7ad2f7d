package io.kaiseki.inference.prompt;

import java.util.Collection;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the power from a model's own markers where they stand in a document. Turning off special
 * tokens is not enough: llama.cpp still finds tokens that a file declares user-defined, as R1's
 * files do with {@code <think>}. A space after a marker's first character leaves it readable and
 * makes it plain text.
 */
public final class MarkerNeutralizer {

  private final @Nullable Pattern markers;

  /**
   * @param markers the texts of the model's control and user-defined tokens; blank ones are ignored
   */
  public MarkerNeutralizer(Collection<String> markers) {
    String alternatives =
        markers.stream()
            .filter(marker -> !marker.isBlank() && marker.codePointCount(0, marker.length()) > 1)
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
    // Breaking one marker can't make another, but markers may overlap: until none is left.
    for (Matcher matcher = markers.matcher(result); matcher.find(); ) {
      result = matcher.replaceAll(found -> Matcher.quoteReplacement(broken(found.group())));
      matcher = markers.matcher(result);
    }
    return result;
  }

  private static String broken(String marker) {
    int first = marker.offsetByCodePoints(0, 1);
    return marker.substring(0, first) + " " + marker.substring(first);
  }
}
