package io.kaiseki.inference.llamacpp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a known build of llama.cpp keeps the fields of its parameter structs, in bytes from the
 * struct's start, and the defaults that prove it. C has no names at run time: a build whose layout
 * is not known can't be driven safely, so it is refused.
 *
 * @param build the library's build number, {@code LLAMA_BUILD_NUMBER}
 */
record NativeLayout(
    int build,
    int gpuLayers,
    int useMmap,
    int contextTokens,
    int batchTokens,
    int microBatchTokens,
    int sequences,
    int threads,
    int batchThreads,
    int keyType,
    int valueType,
    int flashAttention,
    List<Default> modelDefaults,
    List<Default> contextDefaults) {

  /** A value that the library's own defaults must have at an offset. */
  record Default(String field, int offset, int width, long value) {
    static Default int32(String field, int offset, long value) {
      return new Default(field, offset, 4, value);
    }

    static Default bool(String field, int offset, boolean value) {
      return new Default(field, offset, 1, value ? 1 : 0);
    }

    static Default float32(String field, int offset, float value) {
      return new Default(field, offset, 4, Float.floatToRawIntBits(value));
    }

    long read(ByteBuffer struct) {
      return width == 1 ? struct.get(offset) : struct.getInt(offset);
    }
  }

  /** The build that java-llama.cpp 4.2.0 carries; llama.h of tag b4916. */
  static final NativeLayout B4916 =
      new NativeLayout(
          4916,
          8,
          57,
          0,
          4,
          8,
          12,
          16,
          20,
          88,
          92,
          99,
          List.of(
              Default.int32("n_gpu_layers", 8, 0),
              Default.int32("split_mode", 12, 1),
              Default.int32("main_gpu", 16, 0),
              Default.bool("vocab_only", 56, false),
              Default.bool("use_mmap", 57, true),
              Default.bool("use_mlock", 58, false),
              Default.bool("check_tensors", 59, false)),
          List.of(
              Default.int32("n_ctx", 0, 512),
              Default.int32("n_batch", 4, 2048),
              Default.int32("n_ubatch", 8, 512),
              Default.int32("n_seq_max", 12, 1),
              Default.int32("n_threads", 16, 4),
              Default.int32("n_threads_batch", 20, 4),
              Default.int32("rope_scaling_type", 24, -1),
              Default.int32("pooling_type", 28, -1),
              Default.int32("attention_type", 32, -1),
              Default.float32("yarn_ext_factor", 44, -1f),
              Default.float32("yarn_attn_factor", 48, 1f),
              Default.float32("yarn_beta_fast", 52, 32f),
              Default.float32("yarn_beta_slow", 56, 1f),
              Default.float32("defrag_thold", 64, -1f),
              Default.int32("type_k", 88, 1),
              Default.int32("type_v", 92, 1),
              Default.bool("logits_all", 96, false),
              Default.bool("embeddings", 97, false),
              Default.bool("offload_kqv", 98, true),
              Default.bool("flash_attn", 99, false),
              Default.bool("no_perf", 100, true)));

  /** The layouts that are known. */
  static final List<NativeLayout> KNOWN = List.of(B4916);

  /** Differences between the library's defaults and this layout; empty if it fits. */
  List<String> differences(ByteBuffer model, ByteBuffer context) {
    List<String> found = new ArrayList<>();
    modelDefaults.forEach(d -> compare("llama_model_params", d, model, found));
    contextDefaults.forEach(d -> compare("llama_context_params", d, context, found));
    return found;
  }

  private static void compare(
      String struct, Default expected, ByteBuffer bytes, List<String> found) {
    long value = expected.read(bytes);
    if (value != expected.value) {
      found.add(
          struct
              + "."
              + expected.field
              + " at offset "
              + expected.offset
              + ": expected "
              + expected.value
              + ", found "
              + value);
    }
  }
}
