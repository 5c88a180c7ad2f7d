package io.kaiseki.inference.gguf;

import java.util.ArrayList;
import java.util.List;

/**
 * The tensors that a model of a family has, in the order in which converters write them. The
 * preflight holds a file against it, the maker fills it. Dimensions follow ggml: the first is the
 * one that lies together in memory.
 */
final class TensorLayout {

  /** What a tensor does, which decides how it may be stored and how it is made up. */
  enum Role {
    EMBEDDING,
    NORM,
    /** From the residual stream into a block. */
    PROJECTION,
    /** From a block back into the residual stream. */
    RESIDUAL,
    BIAS,
    HEAD,
    ROPE_FACTORS;

    /** Whether ggml takes this tensor as F32 only. */
    boolean needsF32() {
      return this == NORM || this == BIAS || this == ROPE_FACTORS;
    }
  }

  /**
   * @param required false where llama.cpp does without, such as a head that is tied to the
   *     embedding
   */
  record Slot(String name, Role role, boolean required, List<Long> dimensions) {}

  private final List<Slot> slots = new ArrayList<>();

  private TensorLayout() {}

  static List<Slot> of(Hyperparameters model, long vocabularySize) {
    TensorLayout layout = new TensorLayout();
    long width = model.embeddingLength();
    layout.required("token_embd.weight", Role.EMBEDDING, width, vocabularySize);
    layout.required("output_norm.weight", Role.NORM, width);
    layout.optional("output.weight", Role.HEAD, width, vocabularySize);
    if (model.architecture() == Architecture.LLAMA) {
      layout.optional("rope_freqs.weight", Role.ROPE_FACTORS, model.keyLength() / 2);
    }
    for (int block = 0; block < model.blockCount(); block++) {
      layout.block("blk." + block + ".", model);
    }
    return List.copyOf(layout.slots);
  }

  private void block(String prefix, Hyperparameters model) {
    long width = model.embeddingLength();
    long feedForward = model.feedForwardLength();
    required(prefix + "attn_norm.weight", Role.NORM, width);
    required(prefix + "attn_q.weight", Role.PROJECTION, width, model.queryWidth());
    required(prefix + "attn_k.weight", Role.PROJECTION, width, model.keyWidth());
    required(prefix + "attn_v.weight", Role.PROJECTION, width, model.valueWidth());
    required(
        prefix + "attn_output.weight",
        Role.RESIDUAL,
        (long) model.headCount() * model.valueLength(),
        width);
    switch (model.architecture()) {
      case QWEN2 -> {
        required(prefix + "attn_q.bias", Role.BIAS, model.queryWidth());
        required(prefix + "attn_k.bias", Role.BIAS, model.keyWidth());
        required(prefix + "attn_v.bias", Role.BIAS, model.valueWidth());
      }
      case QWEN3 -> {
        required(prefix + "attn_q_norm.weight", Role.NORM, model.keyLength());
        required(prefix + "attn_k_norm.weight", Role.NORM, model.keyLength());
      }
      case LLAMA -> {}
    }
    required(prefix + "ffn_norm.weight", Role.NORM, width);
    required(prefix + "ffn_gate.weight", Role.PROJECTION, width, feedForward);
    required(prefix + "ffn_up.weight", Role.PROJECTION, width, feedForward);
    required(prefix + "ffn_down.weight", Role.RESIDUAL, feedForward, width);
  }

  private void required(String name, Role role, long... dimensions) {
    slots.add(new Slot(name, role, true, boxed(dimensions)));
  }

  private void optional(String name, Role role, long... dimensions) {
    slots.add(new Slot(name, role, false, boxed(dimensions)));
  }

  private static List<Long> boxed(long... dimensions) {
    List<Long> list = new ArrayList<>(dimensions.length);
    for (long dimension : dimensions) {
      list.add(dimension);
    }
    return List.copyOf(list);
  }
}
