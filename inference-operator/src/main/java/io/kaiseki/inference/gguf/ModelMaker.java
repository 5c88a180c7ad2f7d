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
    describe(shape, options, writer);
    describeTokenizer(shape, MadeUpVocabulary.of(shape, options.thinkTokenType()), writer);
    MadeUpWeights weights = new MadeUpWeights(options.seed());
    for (TensorLayout.Slot slot :
        TensorLayout.of(shape.hyperparameters(), shape.vocabularySize())) {
      GgmlType type = typeOf(slot.role(), options);
      writer.tensor(slot.name(), type, slot.dimensions(), weights.content(slot, type));
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

  private static void describe(ModelShape shape, MakeOptions options, GgufWriter writer) {
    Hyperparameters model = shape.hyperparameters();
    Architecture family = model.architecture();
    writer
        .text("general.architecture", family.id())
        .text("general.type", "model")
        .text("general.name", shape.title())
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
          .uint32(family.key("vocab_size"), shape.vocabularySize())
          .uint32(family.key("rope.dimension_count"), model.keyLength());
    }
  }

  private static void describeTokenizer(
      ModelShape shape, MadeUpVocabulary vocabulary, GgufWriter writer) {
    List<Integer> types = vocabulary.types().stream().map(TokenType::ordinal).toList();
    int end = shape.idOf(R1Marker.END_OF_SENTENCE);
    writer
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", shape.preTokenizer().id())
        .texts("tokenizer.ggml.tokens", vocabulary.tokens())
        .int32s("tokenizer.ggml.token_type", types)
        .texts("tokenizer.ggml.merges", vocabulary.merges())
        .uint32("tokenizer.ggml.bos_token_id", shape.idOf(R1Marker.BEGIN_OF_SENTENCE))
        .uint32("tokenizer.ggml.eos_token_id", end)
        .uint32("tokenizer.ggml.padding_token_id", end)
        .flag("tokenizer.ggml.add_bos_token", true)
        .flag("tokenizer.ggml.add_eos_token", false)
        .text("tokenizer.chat_template", CHAT_TEMPLATE);
  }
}
