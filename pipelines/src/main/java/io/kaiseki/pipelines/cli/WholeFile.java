package io.kaiseki.pipelines.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file whole or not at all: whoever opens it never sees half of it. */
final class WholeFile {

  private static final ObjectWriter JSON =
      JsonMapper.builder().build().writerWithDefaultPrettyPrinter();

  private WholeFile() {}

  /** Whether it is there and written to as it is: a pipe or a terminal, such as /dev/stdout. */
  static boolean isSpecial(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file);
  }

  /** A report for people and for programs: indented, with the end of a line at its end. */
  static String json(Object report) {
    try {
      return JSON.writeValueAsString(report) + System.lineSeparator();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a writer in memory has failed", e);
    }
  }

  /**
   * Replaces a file by a report as JSON.
   *
   * @throws IOException if it can't be written; an older file is still there then
   */
  static void writeJson(Path file, Object report) throws IOException {
    write(file, json(report));
  }

  /**
   * Replaces a file.
   *
   * @throws IOException if it can't be written; an older file is still there then
   */
  static void write(Path file, String content) throws IOException {
    if (isSpecial(file)) {
      // By its own name: where /dev/stdout is a pipe, it leads to no path.
      Files.writeString(file, content, StandardCharsets.UTF_8);
      return;
    }
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path partial = target.resolveSibling("." + target.getFileName() + ".partial");
    try {
      Files.writeString(partial, content, StandardCharsets.UTF_8);
      try {
        Files.move(
            partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
