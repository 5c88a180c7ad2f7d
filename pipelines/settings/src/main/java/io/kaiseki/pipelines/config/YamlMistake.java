package io.kaiseki.pipelines.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says where a text is no YAML and why, without quoting it: a secret may stand there. */
public final class YamlMistake {

  /** What the parser repeats of a value after these words. */
  private static final Pattern QUOTED = Pattern.compile("(?:(?<=tag handle)|, but found:).*");

  private YamlMistake() {}

  /**
   * One line, such as {@code not valid YAML at line 2, column 22: could not find expected ':'}.
   *
   * @param mistake of a mapper that reads a tree and fails on trailing tokens
   */
  public static String describe(JsonProcessingException mistake) {
    JsonLocation location = mistake.getLocation();
    String where =
        location == null
            ? ""
            : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    if (mistake instanceof MismatchedInputException) {
      return "more than one YAML document"
          + where
          + "; put all into one, without lines of --- between";
    }
    // The parser shows the place by quoting the text in indented lines.
    String what =
        mistake
            .getOriginalMessage()
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" "))
            .map(line -> QUOTED.matcher(line).replaceFirst(""))
            .collect(Collectors.joining("; "));
    return "not valid YAML" + where + ": " + what;
  }
}
