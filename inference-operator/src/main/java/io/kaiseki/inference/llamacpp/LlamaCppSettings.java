package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * How to run a GGUF file in this process. Equal settings share one engine per JVM.
 *
 * @param modelFile path of the GGUF file
 * @param modelSha256 the SHA-256 that the file must have, in hex; empty accepts any
 * @param slots completions that run at the same time; at least 1; live requests have a few more to
 *     themselves
 * @param contextTokens KV cells shared by all prompts and answers; 0 derives them from the slots
 * @param batchTokens most tokens in one call of the model; at least 32
 * @param threads compute threads; 0 leaves one core to Flink and Kafka where there are more than
 *     two
 * @param library the build of llama.cpp: {@link #AUTO_LIBRARY} or empty takes the best that is
 *     installed and whole, or else the one that ships; {@link #SHIPPED_LIBRARY}; the name of an
 *     installed build, such as {@code v0.5.0}; or the path of a libllama
 * @param answerCache recent answers that are kept for documents that come again, word for word; 0
 *     computes every document anew, identical ones in flight too
 */
public record LlamaCppSettings(
    String modelFile,
    String modelSha256,
    int slots,
    int contextTokens,
    int batchTokens,
    int threads,
    String library,
    int answerCache)
    implements Serializable {

  /** The best build that is installed and whole, or else the one that ships. */
  public static final String AUTO_LIBRARY = "auto";

  /** The build that ships, whatever is installed. */
  public static final String SHIPPED_LIBRARY = "shipped";

  /** Recent answers that are kept by default. */
  public static final int DEFAULT_ANSWER_CACHE = 1_000;

  public LlamaCppSettings {
    Objects.requireNonNull(modelFile, "modelFile");
    // One name for one thing: equal settings share an engine.
    modelSha256 = modelSha256.strip().toLowerCase(Locale.ROOT);
    library = library.isEmpty() ? AUTO_LIBRARY : library;
    require(slots >= 1, "slots", slots, "at least 1");
    require(contextTokens >= 0, "contextTokens", contextTokens, "0 or more");
    require(batchTokens >= 32, "batchTokens", batchTokens, "at least 32");
    require(threads >= 0, "threads", threads, "0 or more");
    require(answerCache >= 0, "answerCache", answerCache, "0 or more");
  }

  /** Settings that have every document computed, as measurements need it. */
  public LlamaCppSettings(
      String modelFile,
      String modelSha256,
      int slots,
      int contextTokens,
      int batchTokens,
      int threads,
      String library) {
    this(modelFile, modelSha256, slots, contextTokens, batchTokens, threads, library, 0);
  }

  /**
   * Defaults for a model file: 8 slots, derived context, batches of 512 tokens, {@value
   * #DEFAULT_ANSWER_CACHE} answers kept.
   */
  public static LlamaCppSettings of(String modelFile) {
    return new LlamaCppSettings(modelFile, "", 8, 0, 512, 0, "", DEFAULT_ANSWER_CACHE);
  }

  /**
   * Threads that compute: {@code threads}, or where that is 0 all cores, but one less where there
   * are more than two. Every step waits for its slowest thread, so all cores of a larger machine
   * would stall whenever Flink or Kafka needs one of them. One of two is half of the machine: what
   * they take costs less than that where threads that wait sleep soon, as in b4916 with little
   * spinning before. Those of v0.5.0, which has no OpenMP, spin until the slowest is there; all but
   * the first are made anew for every step.
   */
  public int computeThreads() {
    if (threads > 0) {
      return threads;
    }
    int cores = Runtime.getRuntime().availableProcessors();
    return cores > 2 ? cores - 1 : cores;
  }

  /** Whether a value of {@code library} is the name of a build, and not a path. */
  public static boolean isLibraryName(String library) {
    return library.isEmpty()
        || library.equals(AUTO_LIBRARY)
        || library.equals(SHIPPED_LIBRARY)
        || PinnedBuild.named(library).isPresent();
  }

  private static void require(boolean holds, String key, int value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(key + " must be " + expected + ", but is " + value);
    }
  }
}
