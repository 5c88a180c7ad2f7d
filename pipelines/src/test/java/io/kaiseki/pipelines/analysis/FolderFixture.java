package io.kaiseki.pipelines.analysis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the folder of a small, valid analysis, for a test to change. */
final class FolderFixture {

  static final String SETTINGS =
      """
      topics:
        documents: letters
        results: letters.read
        dead-letters: letters.dead
      """;

  static final String INSTRUCTIONS = "Say whether the letter is a complaint.\n";

  static final String SCHEMA =
      """
      {"type": "record", "name": "Letter", "namespace": "test", "fields": [
        {"name": "complaint", "type": "boolean", "doc": "true for a complaint"},
        {"name": "reason", "type": "string", "maxLength": 80}
      ]}
      """;

  private final Path path;

  FolderFixture(Path parent) {
    this.path = parent.resolve("letters");
    write("analysis.yaml", SETTINGS);
    write("instructions.md", INSTRUCTIONS);
    write("result.avsc", SCHEMA);
  }

  Path path() {
    return path;
  }

  FolderFixture write(String file, String content) {
    try {
      Files.createDirectories(path);
      Files.writeString(path.resolve(file), content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FolderFixture settings(String more) {
    return write("analysis.yaml", SETTINGS + more);
  }

  FolderFixture delete(String file) {
    try {
      Files.delete(path.resolve(file));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AnalysisDefinition load() {
    return load(AnalysisOverrides.none());
  }

  AnalysisDefinition load(AnalysisOverrides overrides) {
    return Analyses.load(path.toString(), overrides);
  }
}
