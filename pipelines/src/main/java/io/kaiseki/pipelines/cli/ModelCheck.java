package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.gguf.ByteProgress;
import io.kaiseki.inference.gguf.InvalidModelFileException;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.util.Collection;

/** Looks at the model file of an analysis without loading it. */
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
                if (pinned.isEmpty()) {
                  ModelFile.open(file);
                } else {
                  ModelFile.open(file, pinned, ByteProgress.NONE);
                }
              } catch (InvalidModelFileException e) {
                problems.add(
                    new ConfigurationProblem(
                        "model.file", file.toString(), String.valueOf(e.getMessage())));
              }
            });
  }
}
