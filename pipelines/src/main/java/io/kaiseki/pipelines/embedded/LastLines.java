package io.kaiseki.pipelines.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The end of what a child process has printed, for the message of its failure: the file itself lies
 * in a directory that is gone before anybody could look.
 */
public final class LastLines {

  private static final int LINES = 5;

  /** A stack trace ends in many of these, and what it is about stands before them. */
  private static final Pattern FRAME = Pattern.compile("\\s+(at |\\.\\.\\. \\d+ ).*");

  private LastLines() {}

  /** The message, and behind a colon the last lines of a file; the message alone if it is empty. */
  public static String after(String message, Path log) {
    List<String> lines;
    try {
      // Not line by line, which fails where a process was cut off amid a character.
      lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !FRAME.matcher(line).matches())
              .map(String::strip)
              .toList();
    } catch (IOException e) {
      return message + "; its log can't be read: " + e.getMessage();
    }
    List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
    return last.isEmpty() ? message : message + ": " + String.join(" / ", last);
  }
}
