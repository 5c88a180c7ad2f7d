package io.kaiseki.inference.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes GGUF files with random weights: for tests, and for measuring what a machine can do before
 * anything is downloaded. Their answers mean nothing; their size, memory and speed are those of the
 * shape.
 */
public final class ModelMaker {

  /** R1's chat format, minimal. It is inert: nothing in this product runs a file's template. */
  private static final String CHAT_TEMPLATE =
      "{{ bos_token }}{% for m in messages %}"
          + "{% if m.role == 'user' %}{{ '<\uFF5CUser\uFF5C>' + m.content }}"
          + "{% elif m.role == 'assistant' %}"
          + "{{ '<\uFF5CAssistant\uFF5C>' + m.content + eos_token }}"
          + "{% else %}{{ m.content }}{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<\uFF5CAssistant\uFF5C><think>\\n' }}{% endif %}";

  private ModelMaker() {}

  /**
   * Writes a made-up model. The file appears only when it is complete; an existing one is replaced.
   *
   * @throws IOException if it can't be written or the disk is too small
   */
  public static void make(ModelShape shape, Path target, MakeOptions options) throws IOException {
    GgufWriter writer = new GgufWriter();
    describe(shape.title(), shape.hyperparameters(), shape.vocabularySize(), options, writer);
    describeTokenizer(
        shape.preTokenizer().id(),
        MadeUpVocabulary.of(shape, options.thinkTokenType()),
        shape.idOf(R1Marker.BEGIN_OF_SENTENCE),
        shape.idOf(R1Marker.END_OF_SENTENCE),
        writer);
    MadeUpWeights weights = new MadeUpWeights(options.seed());
    for (TensorLayout.Slot slot :
        TensorLayout.of(shape.hyperparameters(), shape.vocabularySize())) {
      GgmlType type = typeOf(slot.role(), options);
      writer.tensor(slot.name(), type, slot.dimensions(), weights.content(slot, type));
    }
    writer.write(target, options.progress());
  }

  /**
   * Writes a model that has the answers of a small one, nearly, and the size, memory and speed of a
   * shape; see {@link Widening}. The embedding is stored as the head is: it is only looked up, and
   * nothing makes good for what a coarse type loses there.
   *
   * @param small its weights are in one of {@link WeightEncoding#TYPES}; its tokenizer and the
   *     length of its context stay
   * @throws IOException if a file can't be read or written or the disk is too small
   * @throws IllegalArgumentException if the small model doesn't fit the shape
   */
  public static void widen(ModelFile small, ModelShape shape, Path target, MakeOptions options)
      throws IOException {
    Widening widening = new Widening(small, shape);
    Hyperparameters model =
        shape
            .hyperparameters()
            .with(small.hyperparameters().contextLength(), widening.rmsEpsilon());
    GgufWriter writer = new GgufWriter();
    describe(
        small.name() + ", as wide as " + shape.name(),
        model,
        shape.vocabularySize(),
        options,
        writer);
    describeTokenizer(
        small.vocabulary().preTokenizer(),
        MadeUpVocabulary.of(small, shape),
        small.vocabulary().beginOfSequence(),
        small.vocabulary().endOfSequence(),
        writer);
    for (TensorLayout.Slot slot : TensorLayout.of(model, shape.vocabularySize())) {
      boolean embedding = slot.role() == TensorLayout.Role.EMBEDDING;
      GgmlType type = embedding ? options.headType() : typeOf(slot.role(), options);
      writer.tensor(slot.name(), type, slot.dimensions(), widening.content(slot, type));
    }
    writer.write(target, options.progress());
  }

  /** How a made-up file stores a tensor. */
  static GgmlType typeOf(TensorLayout.Role role, MakeOptions options) {
    if (role.needsF32()) {
      return GgmlType.F32;
    }
    return role == TensorLayout.Role.HEAD ? options.headType() : options.bodyType();
  }

  private static void describe(
      String title,
      Hyperparameters model,
      int vocabularySize,
      MakeOptions options,
      GgufWriter writer) {
    Architecture family = model.architecture();
    writer
        .text("general.architecture", family.id())
        .text("general.type", "model")
        .text("general.name", title)
        .uint32("general.file_type", FileType.of(options.bodyType()).id())
        .uint32("general.quantization_version", 2)
        .uint32(family.key("block_count"), model.blockCount())
        .uint32(family.key("context_length"), model.contextLength())
        .uint32(family.key("embedding_length"), model.embeddingLength())
        .uint32(family.key("feed_forward_length"), model.feedForwardLength())
        .uint32(family.key("attention.head_count"), model.headCount())
        .uint32(family.key("attention.head_count_kv"), model.kvHeadCount())
        .float32(family.key("rope.freq_base"), model.ropeFrequencyBase())
        .float32(family.key("attention.layer_norm_rms_epsilon"), model.rmsEpsilon());
    if (model.keyLength() * model.headCount() != model.embeddingLength()
        || model.valueLength() != model.keyLength()) {
      writer
          .uint32(family.key("attention.key_length"), model.keyLength())
          .uint32(family.key("attention.value_length"), model.valueLength());
    }
    if (family == Architecture.LLAMA) {
      writer
          .uint32(family.key("vocab_size"), vocabularySize)
          .uint32(family.key("rope.dimension_count"), model.keyLength());
    }
  }

  private static void describeTokenizer(
      String preTokenizer, TokenTable vocabulary, int begin, int end, GgufWriter writer) {
    List<Integer> types = vocabulary.types().stream().map(TokenType::ordinal).toList();
    writer
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", preTokenizer)
        .texts("tokenizer.ggml.tokens", vocabulary.tokens())
        .int32s("tokenizer.ggml.token_type", types)
        .texts("tokenizer.ggml.merges", vocabulary.merges())
        .uint32("tokenizer.ggml.bos_token_id", begin)
        .uint32("tokenizer.ggml.eos_token_id", end)
        .uint32("tokenizer.ggml.padding_token_id", end)
        .flag("tokenizer.ggml.add_bos_token", true)
        .flag("tokenizer.ggml.add_eos_token", false)
        .text("tokenizer.chat_template", CHAT_TEMPLATE);
  }
}
