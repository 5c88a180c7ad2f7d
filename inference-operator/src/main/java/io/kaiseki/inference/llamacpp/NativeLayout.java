package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.gguf.Architecture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where a known build of llama.cpp keeps the fields of its parameter structs, in bytes from the
 * struct's start, and the defaults that prove it. C has no names at run time: a build whose layout
 * is not known can't be driven safely, so it is refused.
 *
 * @param name the build as people name it, such as {@code b4916}
 * @param identity what the library says of itself
 * @param architectures model families that the build knows
 * @param cells how its KV cells are reached
 * @param outputs the field with the most rows of logits, where the build has one: it ends the
 *     process if that is less than there are sequences
 * @param fileMapping the field that has the weights mapped instead of copied where it is 1
 * @param flashAttention the field that is 1 with flash attention and 0 without
 * @param contextFixed what is written into the context's parameters whatever the settings are
 */
record NativeLayout(
    String name,
    Identity identity,
    Set<Architecture> architectures,
    KvCells.Api cells,
    int gpuLayers,
    Field fileMapping,
    int contextTokens,
    int batchTokens,
    int microBatchTokens,
    int sequences,
    OptionalInt outputs,
    int threads,
    int batchThreads,
    int keyType,
    int valueType,
    Field flashAttention,
    List<Default> contextFixed,
    List<Default> modelDefaults,
    List<Default> contextDefaults) {

  /**
   * What a library says of itself.
   *
   * @param text {@code b} and LLAMA_BUILD_NUMBER, or what llama_version() and ggml_commit() return
   */
  record Identity(String text) {}

  /** A field whose width differs between builds. */
  record Field(int offset, int width) {
    void put(ByteBuffer struct, int value) {
      if (width == 1) {
        struct.put(offset, (byte) value);
      } else {
        struct.putInt(offset, value);
      }
    }
  }

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

    void put(ByteBuffer struct) {
      new Field(offset, width).put(struct, (int) value);
    }
  }

  /** The build that java-llama.cpp 4.2.0 carries; llama.h of tag b4916. */
  static final NativeLayout B4916 =
      new NativeLayout(
          "b4916",
          new Identity("b4916"),
          EnumSet.of(Architecture.QWEN2, Architecture.LLAMA),
          KvCells.Api.SELF,
          8,
          new Field(57, 1),
          0,
          4,
          8,
          12,
          OptionalInt.empty(),
          16,
          20,
          88,
          92,
          new Field(99, 1),
          List.of(),
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

  /**
   * llama.cpp of release v0.5.0. Its header is not published with it, so the fields were found by
   * their defaults and proved by setting each and reading it back through the library: see the test
   * of installed builds.
   */
  static final NativeLayout V0_5_0 =
      new NativeLayout(
          "v0.5.0",
          new Identity("0.5.0-dev 0ad4a86"),
          EnumSet.of(Architecture.QWEN2, Architecture.LLAMA, Architecture.QWEN3),
          KvCells.Api.MEMORY,
          16,
          new Field(24, 4),
          0,
          4,
          8,
          12,
          OptionalInt.of(20),
          28,
          32,
          104,
          108,
          new Field(52, 4),
          // One pool of cells for all sequences: a shared prefix is in it once.
          // And any number of outputs for a sequence: 0 means as many as there are at all.
          List.of(
              Default.bool("kv_unified", 133, true), Default.int32("n_outputs_max_per_seq", 24, 0)),
          List.of(
              Default.int32("n_gpu_layers", 16, -1),
              Default.int32("split_mode", 20, 1),
              Default.int32("load_mode", 24, -1),
              Default.int32("lazy_mode", 28, 1),
              Default.int32("main_gpu", 32, 0),
              Default.bool("vocab_only", 72, false),
              Default.bool("check_tensors", 73, false),
              Default.bool("use_extra_bufts", 74, true),
              Default.bool("no_host", 75, false)),
          List.of(
              Default.int32("n_ctx", 0, 512),
              Default.int32("n_batch", 4, 2048),
              Default.int32("n_ubatch", 8, 512),
              Default.int32("n_seq_max", 12, 1),
              Default.int32("n_rs_seq", 16, 0),
              Default.int32("n_outputs_max", 20, 0),
              Default.int32("n_outputs_max_per_seq", 24, 1),
              Default.int32("n_threads", 28, 4),
              Default.int32("n_threads_batch", 32, 4),
              Default.int32("ctx_type", 36, 0),
              Default.int32("rope_scaling_type", 40, -1),
              Default.int32("pooling_type", 44, -1),
              Default.int32("attention_type", 48, -1),
              Default.int32("flash_attn_type", 52, -1),
              Default.float32("yarn_ext_factor", 64, -1f),
              Default.float32("yarn_attn_factor", 68, -1f),
              Default.float32("yarn_beta_fast", 72, -1f),
              Default.float32("yarn_beta_slow", 76, -1f),
              Default.float32("defrag_thold", 84, -1f),
              Default.int32("type_k", 104, 1),
              Default.int32("type_v", 108, 1),
              Default.bool("embeddings", 128, false),
              Default.bool("offload_kqv", 129, true),
              Default.bool("no_perf", 130, true),
              Default.bool("op_offload", 131, true),
              Default.bool("swa_full", 132, true),
              Default.bool("kv_unified", 133, false)));

  /** The layouts that are known. */
  static final List<NativeLayout> KNOWN = List.of(B4916, V0_5_0);

  /** The layout of the library that says this of itself. */
  static Optional<NativeLayout> of(Identity identity) {
    return KNOWN.stream().filter(known -> known.identity.equals(identity)).findFirst();
  }

  /**
   * The layout of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static NativeLayout named(String name) {
    return KNOWN.stream()
        .filter(known -> known.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no layout is named " + name));
  }

  /** What the known builds say of themselves, for messages. */
  static String knownIdentities() {
    return String.join(" and ", KNOWN.stream().map(known -> known.identity.text()).toList());
  }

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
