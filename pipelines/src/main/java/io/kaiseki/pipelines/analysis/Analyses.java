package io.kaiseki.pipelines.analysis;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.NearestName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Loads analyses, built-in ones by name and others by the path of their folder. A plain word is the
 * name of a built-in analysis where there is one, and a folder in the working directory otherwise;
 * {@code ./word} is always the folder.
 */
public final class Analyses {

  /** Names the built-in analyses, one per line: a class path cannot be listed. */
  private static final String INDEX = AnalysisFolder.BuiltIn.ROOT + "index";

  private Analyses() {}

  /** The names of the built-in analyses. */
  public static List<String> builtIns() {
    try (InputStream in =
        Objects.requireNonNull(Analyses.class.getResourceAsStream(INDEX), INDEX)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads an analysis, to look at or to check. It need not name a model file; one that it names
   * must exist.
   *
   * @param nameOrFolder name of a built-in analysis, or path of a folder
   * @throws ConfigurationException with every problem of the files and the overrides
   */
  public static AnalysisDefinition load(String nameOrFolder, AnalysisOverrides overrides) {
    return read(nameOrFolder, overrides, ModelNeed.OPTIONAL);
  }

  /** As {@link #load}, but an analysis without a model file is a problem, too. */
  public static AnalysisDefinition loadToRun(String nameOrFolder, AnalysisOverrides overrides) {
    return read(nameOrFolder, overrides, ModelNeed.REQUIRED);
  }

  /**
   * As {@link #loadToRun}, for a job that other machines run: the model and a library given by path
   * may be missing on this one, if their paths are absolute.
   */
  public static AnalysisDefinition loadToRunElsewhere(
      String nameOrFolder, AnalysisOverrides overrides) {
    return read(nameOrFolder, overrides, ModelNeed.ELSEWHERE);
  }

  /**
   * As {@link #load}, for those who need no model: one that is named and not on this machine is no
   * problem, and the analysis comes without it, and without the keys of servers.
   */
  public static AnalysisDefinition loadWithoutModel(
      String nameOrFolder, AnalysisOverrides overrides) {
    return read(nameOrFolder, overrides, ModelNeed.NONE);
  }

  /**
   * The folder of an analysis; empty for a built-in one.
   *
   * @throws ConfigurationException if there is none of that name
   */
  public static Optional<Path> directory(String nameOrFolder) {
    return find(nameOrFolder).directory();
  }

  /**
   * The budget of reasoning in {@code analysis.yaml}; empty where it names none, or none that could
   * be used. A definition has no budget where a calibration has turned reasoning off.
   *
   * @throws ConfigurationException if there is no analysis of that name
   */
  public static Optional<Integer> reasoningBudget(String nameOrFolder) {
    try {
      return find(nameOrFolder)
          .read(AnalysisFolder.SETTINGS)
          .flatMap(yaml -> SettingsFile.parse(yaml).get(AnalysisKeys.REASONING_BUDGET))
          .flatMap(AnalysisKeys.REASONING_BUDGET.form()::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AnalysisDefinition read(
      String nameOrFolder, AnalysisOverrides overrides, ModelNeed need) {
    return new AnalysisReader(find(nameOrFolder), overrides, need).read();
  }

  private static AnalysisFolder find(String nameOrFolder) {
    if (builtIns().contains(nameOrFolder)) {
      return new AnalysisFolder.BuiltIn(nameOrFolder);
    }
    try {
      Path path = Path.of(nameOrFolder);
      if (!nameOrFolder.isBlank() && Files.isDirectory(path)) {
        return new AnalysisFolder.OnDisk(path);
      }
    } catch (InvalidPathException notAPath) {
      // Reported below like a folder that is not there.
    }
    throw new ConfigurationException(
        List.of(
            new ConfigurationProblem(
                "analysis",
                nameOrFolder,
                "neither a folder nor built in; "
                    + NearestName.hint(
                        nameOrFolder, builtIns(), "built in: " + String.join(", ", builtIns())))));
  }
}
