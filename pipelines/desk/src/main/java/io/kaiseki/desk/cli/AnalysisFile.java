package io.kaiseki.desk.cli;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.NearestName;
import io.kaiseki.pipelines.config.SettingSources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The {@code analysis.yaml} of an analysis, of which the desk takes name, title and topics. Names
 * mean what they mean to the other commands: a plain word is a built-in analysis where there is
 * one, and a folder otherwise.
 *
 * @param name of the built-in analysis, or of the folder
 * @param yaml its content
 */
record AnalysisFile(String name, String yaml) {

  private static final String ROOT = "/analyses/";
  private static final String FILE = "analysis.yaml";

  /** Finds it; empty, and a problem noted, where there is none. */
  static Optional<AnalysisFile> find(
      String nameOrFolder, Collection<ConfigurationProblem> problems) {
    List<String> builtIns =
        resource(ROOT + "index").lines().filter(line -> !line.isBlank()).toList();
    if (builtIns.contains(nameOrFolder)) {
      return Optional.of(
          new AnalysisFile(nameOrFolder, resource(ROOT + nameOrFolder + "/" + FILE)));
    }
    try {
      Path folder = Path.of(nameOrFolder).toAbsolutePath().normalize();
      Path file = folder.resolve(FILE);
      if (!nameOrFolder.isBlank() && Files.isRegularFile(file)) {
        return Optional.of(
            new AnalysisFile(
                folder.getFileName().toString(), Files.readString(file, StandardCharsets.UTF_8)));
      }
    } catch (IOException | InvalidPathException e) {
      problems.add(new ConfigurationProblem("analysis", nameOrFolder, "can't be read: " + e));
      return Optional.empty();
    }
    problems.add(
        new ConfigurationProblem(
            "analysis",
            nameOrFolder,
            "neither built in nor a folder with an analysis.yaml; "
                + NearestName.hint(
                    nameOrFolder, builtIns, "built in: " + String.join(", ", builtIns))));
    return Optional.empty();
  }

  /** Adds its settings. */
  void addTo(SettingSources sources) {
    sources.yaml(yaml, name + "/" + FILE);
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(AnalysisFile.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
