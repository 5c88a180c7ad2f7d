package io.kaiseki.inference.gguf;

import java.util.List;
import java.util.Optional;

/**
 * Reads the hyper-parameters and holds them against each other. Many of these relations are only
 * asserted in ggml, and a failed assertion there ends the process.
 */
final class HyperparametersReader {

  /** LLAMA_MAX_LAYERS of llama.cpp. */
  private static final int MAX_BLOCKS = 512;

  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_CONTEXT = 1 << 27;
  private static final float DEFAULT_ROPE_FREQUENCY_BASE = 10_000f;

  /** The ways of stretching a context that llama.cpp knows by name. */
  private static final List<String> ROPE_SCALINGS = List.of("none", "linear", "yarn", "longrope");

  private final MetadataLookup metadata;
  private final Architecture architecture;

  private HyperparametersReader(MetadataLookup metadata, Architecture architecture) {
    this.metadata = metadata;
    this.architecture = architecture;
  }

  /**
   * @throws InvalidModelFileException if the family isn't supported, a number is missing, out of
   *     range or contradicts another
   */
  static Hyperparameters read(MetadataLookup metadata) {
    String key = "general.architecture";
    String family = metadata.required(key, metadata.text(key));
    Architecture architecture =
        Architecture.withId(family)
            .orElseThrow(
                () ->
                    metadata.unsupported(
                        "its architecture is '%s', expected one of %s"
                            .formatted(family, Architecture.ids())));
    return new HyperparametersReader(metadata, architecture).read();
  }

  private Hyperparameters read() {
    refuseExperts();
    int embedding = required("embedding_length", MAX_WIDTH);
    int heads = required("attention.head_count", MAX_WIDTH);
    int kvHeads = optional("attention.head_count_kv", MAX_WIDTH, heads);
    if (heads % kvHeads != 0) {
      throw metadata.damaged(
          "%s is %d, which does not divide the %d query heads"
              .formatted(key("attention.head_count_kv"), kvHeads, heads));
    }
    int keyLength = headLength("attention.key_length", embedding, heads);
    Hyperparameters model =
        new Hyperparameters(
            architecture,
            required("context_length", MAX_CONTEXT),
            embedding,
            required("block_count", MAX_BLOCKS),
            required("feed_forward_length", MAX_WIDTH),
            heads,
            kvHeads,
            keyLength,
            headLength("attention.value_length", embedding, heads),
            positive("rope.freq_base", DEFAULT_ROPE_FREQUENCY_BASE, Float.MAX_VALUE),
            epsilon());
    requireValuesAsKeys(model);
    requireRotation(keyLength);
    requireKnownScaling();
    positive("rope.scaling.factor", 1f, Float.MAX_VALUE);
    if ((long) heads * keyLength > MAX_WIDTH) {
      throw metadata.damaged(
          "%d heads of %d are wider than %,d".formatted(heads, keyLength, MAX_WIDTH));
    }
    return model;
  }

  private void refuseExperts() {
    long experts = metadata.uint32(key("expert_count")).orElse(0L);
    if (experts != 0) {
      throw metadata.unsupported("it is a mixture of " + experts + " experts");
    }
    for (String parameter : List.of("expert_used_count", "expert_group_count")) {
      long count = metadata.uint32(key(parameter)).orElse(0L);
      if (count != 0) {
        throw metadata.damaged("%s is %,d, but it has no experts".formatted(key(parameter), count));
      }
    }
  }

  private void requireValuesAsKeys(Hyperparameters model) {
    if (model.valueLength() != model.keyLength()) {
      throw metadata.damaged(
          "%s is %d, but keys are %d long"
              .formatted(key("attention.value_length"), model.valueLength(), model.keyLength()));
    }
  }

  private void requireKnownScaling() {
    String key = key("rope.scaling.type");
    Optional<String> unknown =
        metadata.text(key).filter(scaling -> !ROPE_SCALINGS.contains(scaling));
    if (unknown.isPresent()) {
      throw metadata.damaged(
          "%s is '%s', expected one of %s"
              .formatted(key, unknown.get(), String.join(", ", ROPE_SCALINGS)));
    }
  }

  private void requireRotation(int keyLength) {
    int rotated = optional("rope.dimension_count", MAX_WIDTH, keyLength);
    if (rotated % 2 != 0 || rotated != keyLength) {
      throw metadata.damaged(
          "%s is %d, which does not fit heads of %d"
              .formatted(key("rope.dimension_count"), rotated, keyLength));
    }
  }

  private int headLength(String parameter, int embedding, int heads) {
    if (embedding % heads != 0 && metadata.uint32(key(parameter)).isEmpty()) {
      throw metadata.damaged(
          "%s is %d, which the %d heads do not divide"
              .formatted(key("embedding_length"), embedding, heads));
    }
    return optional(parameter, MAX_WIDTH, Math.max(1, embedding / heads));
  }

  private float epsilon() {
    String key = key("attention.layer_norm_rms_epsilon");
    metadata.required(key, metadata.float32(key));
    return positive("attention.layer_norm_rms_epsilon", 0f, 0.1f);
  }

  private float positive(String parameter, float fallback, float limit) {
    float value = metadata.float32(key(parameter)).orElse(fallback);
    if (!(value > 0 && value <= limit)) {
      throw metadata.damaged(
          "%s is %s, expected more than 0 and at most %s".formatted(key(parameter), value, limit));
    }
    return value;
  }

  private int required(String parameter, int limit) {
    String key = key(parameter);
    return within(key, metadata.required(key, metadata.uint32(key)), limit);
  }

  private int optional(String parameter, int limit, int fallback) {
    return within(key(parameter), metadata.uint32(key(parameter)).orElse((long) fallback), limit);
  }

  private int within(String key, long value, int limit) {
    if (value < 1 || value > limit) {
      throw metadata.damaged("%s is %,d, expected 1 to %,d".formatted(key, value, limit));
    }
    return (int) value;
  }

  private String key(String parameter) {
    return architecture.key(parameter);
  }
}
