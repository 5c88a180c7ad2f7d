package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.gguf.ByteProgress;
import io.kaiseki.inference.gguf.InvalidModelFileException;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.nio.file.Path;
import java.util.Collection;

/** Looks at the model file of an analysis, and at the memory it takes, without loading it. */
final class ModelCheck {

  private ModelCheck() {}

  static void check(AnalysisDefinition definition, Collection<ConfigurationProblem> problems) {
    definition
        .model()
        .file()
        .ifPresent(
            file -> {
              String pinned = definition.model().sha256();
              try {
                ModelFile model =
                    pinned.isEmpty()
                        ? ModelFile.open(file)
                        : ModelFile.open(file, pinned, ByteProgress.NONE);
                LlamaCppEngine.memoryShortage(definition.toLlamaCppSettings(), model)
                    .ifPresent(shortage -> problem(problems, file, shortage));
                LlamaCppEngine.unsupported(definition.toLlamaCppSettings(), model)
                    .ifPresent(unsupported -> problem(problems, file, unsupported));
              } catch (InvalidModelFileException e) {
                problem(problems, file, String.valueOf(e.getMessage()));
              }
            });
  }

  private static void problem(Collection<ConfigurationProblem> problems, Path file, String remedy) {
    problems.add(new ConfigurationProblem("model.file", file.toString(), remedy));
  }
}
