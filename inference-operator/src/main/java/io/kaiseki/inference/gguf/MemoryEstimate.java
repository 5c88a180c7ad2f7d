package io.kaiseki.inference.gguf;

import java.util.Locale;

/**
 * What running a model takes beside the Java heap. The formulas follow llama.cpp's buffers with F16
 * keys and values and with flash attention; with build b4916 they agree with the sizes it logs to
 * within half a percent.
 *
 * <ul>
 *   <li>weights: the tensor data of the file. Pages that llama.cpp repacks for the CPU exist twice
 *       while a model is loaded, but the copy in the file cache can be dropped by the system and
 *       isn't counted.
 *   <li>KV cache: layers × (key width + value width) × 2 bytes for each token.
 *   <li>compute buffer: the largest of three stages of a batch of B tokens, 4 bytes a number:
 *       logits B × (vocabulary + 2 × embedding); attention B × (context × 3/2 + 4 × embedding),
 *       which is the mask in F32 and in F16, and B × heads × context more where heads are so narrow
 *       that a build may do without flash attention; feed forward B × (3 × feed forward + 2 ×
 *       embedding).
 *   <li>outputs: rows of logits, vocabulary × 4 bytes.
 *   <li>vocabulary: native tables, 256 bytes for each token and each merge.
 * </ul>
 *
 * @param weightBytes tensor data
 * @param kvBytesPerToken what one token of context takes
 * @param contextTokens tokens of context, shared by all slots
 * @param computeBytes working space of one batch
 * @param outputBytes logits that are kept for reading
 * @param vocabularyBytes tokenizer tables
 */
public record MemoryEstimate(
    long weightBytes,
    long kvBytesPerToken,
    int contextTokens,
    long computeBytes,
    long outputBytes,
    long vocabularyBytes) {

  private static final int FLOAT_BYTES = 4;
  private static final int HALF_BYTES = 2;
  private static final int TABLE_ENTRY_BYTES = 256;
  private static final double MIB = 1 << 20;

  /**
   * Estimates a model.
   *
   * @param contextTokens tokens of context, shared by all slots
   * @param batchTokens most tokens in one call of the model
   * @param outputs rows of logits that one call leaves
   */
  public static MemoryEstimate of(
      ModelFile model, int contextTokens, int batchTokens, int outputs) {
    Vocabulary vocabulary = model.vocabulary();
    return of(
        model.hyperparameters(),
        model.tensorBytes(),
        vocabulary.size(),
        vocabulary.merges(),
        new Run(contextTokens, batchTokens, outputs));
  }

  /**
   * Estimates a published model by its shape, before there is a file: layers in Q4_0, the head in
   * Q8_0, and a vocabulary whose every token of text comes from a merge.
   *
   * @param contextTokens tokens of context, shared by all slots
   * @param batchTokens most tokens in one call of the model
   * @param outputs rows of logits that one call leaves
   */
  public static MemoryEstimate of(
      ModelShape shape, int contextTokens, int batchTokens, int outputs) {
    long weights =
        TensorLayout.of(shape.hyperparameters(), shape.vocabularySize()).stream()
            .mapToLong(
                slot ->
                    ModelMaker.typeOf(slot.role(), MakeOptions.defaults())
                        .bytes(slot.dimensions().stream().reduce(1L, Math::multiplyExact)))
            .sum();
    return of(
        shape.hyperparameters(),
        weights,
        shape.vocabularySize(),
        shape.ordinaryTokens(),
        new Run(contextTokens, batchTokens, outputs));
  }

  /** How a model is run, as far as memory depends on it. */
  private record Run(int contextTokens, int batchTokens, int outputs) {
    Run {
      requirePositive("contextTokens", contextTokens);
      requirePositive("batchTokens", batchTokens);
      requirePositive("outputs", outputs);
    }
  }

  private static MemoryEstimate of(
      Hyperparameters shape, long weightBytes, long vocabularySize, long merges, Run run) {
    long batch = Math.min(run.batchTokens(), run.contextTokens());
    return new MemoryEstimate(
        weightBytes,
        (long) shape.blockCount() * (shape.keyWidth() + shape.valueWidth()) * HALF_BYTES,
        run.contextTokens(),
        batch * FLOAT_BYTES * widestStage(shape, vocabularySize, run.contextTokens()),
        run.outputs() * vocabularySize * FLOAT_BYTES,
        TABLE_ENTRY_BYTES * (vocabularySize + merges));
  }

  private static long widestStage(Hyperparameters shape, long vocabularySize, long context) {
    long embedding = shape.embeddingLength();
    long logits = vocabularySize + 2 * embedding;
    long attention = context * 3 / 2 + 4 * embedding;
    if (shape.hasNarrowHeads()) {
      attention += context * shape.headCount();
    }
    long feedForward = 3L * shape.feedForwardLength() + 2 * embedding;
    return Math.max(logits, Math.max(attention, feedForward));
  }

  public long kvBytes() {
    return kvBytesPerToken * contextTokens;
  }

  /** All of it. */
  public long totalBytes() {
    return weightBytes + kvBytes() + computeBytes + outputBytes + vocabularyBytes;
  }

  public boolean fitsIn(long availableBytes) {
    return totalBytes() <= availableBytes;
  }

  /** The arithmetic in MiB, on one line. */
  public String explain() {
    return String.format(
        Locale.ROOT,
        "weights %.1f + KV cache %.1f (%,d tokens x %,d bytes) + compute buffer %.1f + outputs %.1f"
            + " + vocabulary %.1f = %.1f MiB",
        weightBytes / MIB,
        kvBytes() / MIB,
        contextTokens,
        kvBytesPerToken,
        computeBytes / MIB,
        outputBytes / MIB,
        vocabularyBytes / MIB,
        totalBytes() / MIB);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }
}
