package io.kaiseki.pipelines.cluster;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Shows a command so that a shell takes it. */
public final class ShellWords {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWords() {}

  /** The words of a command in one line. */
  public static String shown(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
