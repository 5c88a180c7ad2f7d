package io.kaiseki.pipelines.analysis;

import io.kaiseki.inference.openai.OpenAiSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The model of an analysis and how it is run. Files are absolute and existed when they were read.
 *
 * @param file the GGUF file; empty where neither the analysis nor an override names one, and where
 *     servers have the model
 * @param sha256 the SHA-256 that the file must have, in lower-case hex; empty accepts any
 * @param slots documents worked on at the same time
 * @param contextTokens KV cells shared by all prompts and answers; 0 derives them from the slots
 * @param batchTokens most tokens in one call of the model
 * @param threads compute threads; 0 leaves one core free where there are more than two
 * @param library the build of llama.cpp: auto, shipped, the name of an installed one, or a path
 * @param answerCache recent answers that are kept; 0 computes every document anew
 * @param remote servers that have the model; empty where it is a file
 * @param cascade a second model for what this one is unsure of
 */
public record ModelSettings(
    Optional<Path> file,
    String sha256,
    int slots,
    int contextTokens,
    int batchTokens,
    int threads,
    String library,
    int answerCache,
    Optional<OpenAiSettings> remote,
    Optional<CascadeSettings> cascade) {

  /** A file alone. */
  public ModelSettings(
      Optional<Path> file,
      String sha256,
      int slots,
      int contextTokens,
      int batchTokens,
      int threads,
      String library,
      int answerCache) {
    this(
        file,
        sha256,
        slots,
        contextTokens,
        batchTokens,
        threads,
        library,
        answerCache,
        Optional.empty(),
        Optional.empty());
  }
}
