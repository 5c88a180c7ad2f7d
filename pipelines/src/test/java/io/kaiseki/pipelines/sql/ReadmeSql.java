package io.kaiseki.pipelines.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The statements of the README, so that what it shows is what is tested. */
final class ReadmeSql {

  private static final Path README = Path.of("..", "README.md");
  private static final String BEGIN = "```sql\n";
  private static final String END = "```";

  private ReadmeSql() {}

  /**
   * The statements, in their order.
   *
   * @param replacements what stands in the README, and what stands here in its place; each must be
   *     found
   */
  static List<String> statements(Map<String, String> replacements) {
    String sql = block();
    for (Map.Entry<String, String> replacement : replacements.entrySet()) {
      if (!sql.contains(replacement.getKey())) {
        throw new IllegalStateException("the README's SQL has no " + replacement.getKey());
      }
      sql = sql.replace(replacement.getKey(), replacement.getValue());
    }
    return Arrays.stream(sql.split(";\n"))
        .map(String::strip)
        .filter(one -> !one.isEmpty())
        .toList();
  }

  private static String block() {
    try {
      String readme = Files.readString(README);
      int begin = readme.indexOf(BEGIN) + BEGIN.length();
      return readme.substring(begin, readme.indexOf(END, begin));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
