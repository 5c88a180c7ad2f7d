package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.gguf.ByteProgress;
import io.kaiseki.inference.gguf.InvalidModelFileException;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.ModelMemory;
import io.kaiseki.inference.openai.OpenAiEngine;
import io.kaiseki.inference.openai.OpenAiSettings;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.ModelSettings;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Looks at the model file of an analysis, and at the memory it takes, without loading it; of models
 * that servers have, asks those whether they have them.
 */
final class ModelCheck {

  private ModelCheck() {}

  static void check(AnalysisDefinition definition, Collection<ConfigurationProblem> problems) {
    ModelSettings settings = definition.model();
    settings.remote().ifPresent(servers -> servers("model.endpoint", servers, problems));
    settings
        .cascade()
        .ifPresent(cascade -> servers("cascade.endpoint", cascade.remote(), problems));
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
                ModelMemory.shortage(definition.toLlamaCppSettings(), model)
                    .ifPresent(shortage -> problem(problems, file, shortage));
                LlamaCppEngine.unsupported(definition.toLlamaCppSettings(), model)
                    .ifPresent(unsupported -> problem(problems, file, unsupported));
              } catch (InvalidModelFileException e) {
                problem(problems, file, String.valueOf(e.getMessage()));
              }
            });
  }

  private static void servers(
      String key, OpenAiSettings servers, Collection<ConfigurationProblem> problems) {
    OpenAiEngine.problems(servers)
        .forEach(problem -> problems.add(new ConfigurationProblem(key, "", problem)));
  }

  private static void problem(Collection<ConfigurationProblem> problems, Path file, String remedy) {
    problems.add(new ConfigurationProblem("model.file", file.toString(), remedy));
  }
}
