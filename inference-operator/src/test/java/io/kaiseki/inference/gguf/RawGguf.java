package io.kaiseki.inference.gguf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file whose every number can be made wrong. {@link #valid()} is about the smallest file
 * that passes the preflight: one layer, 32 wide, the 256 byte tokens and R1's markers.
 */
final class RawGguf {

  static final int VOCABULARY = 288;

  static final class Tensor {
    String name;
    int type;
    int dimensionCount;
    long[] dimensions;
    long offset;

    Tensor(String name, int type, long offset, long... dimensions) {
      this.name = name;
      this.type = type;
      this.offset = offset;
      this.dimensions = dimensions;
      this.dimensionCount = dimensions.length;
    }
  }

  byte[] magic = {'G', 'G', 'U', 'F'};
  int version = 3;
  int alignment = 32;
  long extraTensors;
  long extraEntries;
  final Map<String, byte[]> entries = new LinkedHashMap<>();
  final List<byte[]> rawEntries = new ArrayList<>();
  final List<Tensor> tensors = new ArrayList<>();
  long dataBytes;

  static RawGguf valid() {
    RawGguf raw = new RawGguf();
    raw.text("general.architecture", "qwen2");
    raw.text("general.name", "smallest");
    raw.uint32("general.file_type", 0);
    raw.uint32("qwen2.block_count", 1);
    raw.uint32("qwen2.context_length", 64);
    raw.uint32("qwen2.embedding_length", 32);
    raw.uint32("qwen2.feed_forward_length", 64);
    raw.uint32("qwen2.attention.head_count", 4);
    raw.uint32("qwen2.attention.head_count_kv", 2);
    raw.float32("qwen2.rope.freq_base", 10_000f);
    raw.float32("qwen2.attention.layer_norm_rms_epsilon", 1e-6f);
    raw.text("tokenizer.ggml.model", "gpt2");
    raw.text("tokenizer.ggml.pre", "deepseek-r1-qwen");
    raw.texts("tokenizer.ggml.tokens", tokens());
    raw.int32s("tokenizer.ggml.token_type", types());
    raw.texts("tokenizer.ggml.merges", List.of("a b", "\" :", "\": \""));
    raw.uint32("tokenizer.ggml.bos_token_id", 256);
    raw.uint32("tokenizer.ggml.eos_token_id", 257);
    raw.flag("tokenizer.ggml.add_bos_token", 1);
    raw.text("tokenizer.chat_template", "{{ messages }}");
    raw.layOutTensors();
    return raw;
  }

  static List<String> tokens() {
    List<String> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteLevelAlphabet.symbol(b)));
    }
    for (R1Marker marker : R1Marker.values()) {
      tokens.add(marker.text());
    }
    tokens.addAll(List.of("ab", "\":", "\":\""));
    while (tokens.size() < VOCABULARY) {
      tokens.add("[PAD" + tokens.size() + "]");
    }
    return tokens;
  }

  static List<Integer> types() {
    List<Integer> types = new ArrayList<>();
    for (int id = 0; id < VOCABULARY; id++) {
      boolean think = id == 260 || id == 261;
      boolean marker = id >= 256 && id < 263;
      types.add(think ? 4 : marker ? 3 : id < 266 ? 1 : 5);
    }
    return types;
  }

  /** The tensors that the layout of the written hyper-parameters calls for, all F32. */
  private void layOutTensors() {
    Hyperparameters shape =
        new Hyperparameters(Architecture.QWEN2, 64, 32, 1, 64, 4, 2, 8, 8, 10_000f, 1e-6f);
    long offset = 0;
    for (TensorLayout.Slot slot : TensorLayout.of(shape, VOCABULARY)) {
      long[] dimensions = slot.dimensions().stream().mapToLong(Long::longValue).toArray();
      tensors.add(new Tensor(slot.name(), GgmlType.F32.id(), offset, dimensions));
      offset += slot.dimensions().stream().reduce(4L, Math::multiplyExact);
    }
    dataBytes = offset;
  }

  Tensor tensor(String name) {
    return tensors.stream().filter(t -> t.name.equals(name)).findFirst().orElseThrow();
  }

  void text(String key, String value) {
    entries.put(key, new LittleEndianBytes().int32(8).text(value).toArray());
  }

  void uint32(String key, int value) {
    entries.put(key, new LittleEndianBytes().int32(4).int32(value).toArray());
  }

  void float32(String key, float value) {
    entries.put(
        key, new LittleEndianBytes().int32(6).int32(Float.floatToRawIntBits(value)).toArray());
  }

  void flag(String key, int value) {
    entries.put(key, new LittleEndianBytes().int32(7).raw(new byte[] {(byte) value}).toArray());
  }

  void texts(String key, List<String> values) {
    LittleEndianBytes bytes = new LittleEndianBytes().int32(9).int32(8).int64(values.size());
    values.forEach(bytes::text);
    entries.put(key, bytes.toArray());
  }

  void int32s(String key, List<Integer> values) {
    LittleEndianBytes bytes = new LittleEndianBytes().int32(9).int32(5).int64(values.size());
    values.forEach(bytes::int32);
    entries.put(key, bytes.toArray());
  }

  void value(String key, LittleEndianBytes typeAndValue) {
    entries.put(key, typeAndValue.toArray());
  }

  byte[] header() {
    LittleEndianBytes out = new LittleEndianBytes().raw(magic).int32(version);
    out.int64(tensors.size() + extraTensors);
    out.int64(entries.size() + rawEntries.size() + extraEntries);
    new LinkedHashMap<>(entries).forEach((key, value) -> out.text(key).raw(value));
    rawEntries.forEach(out::raw);
    for (Tensor tensor : tensors) {
      out.text(tensor.name).int32(tensor.dimensionCount);
      for (long dimension : tensor.dimensions) {
        out.int64(dimension);
      }
      out.int32(tensor.type).int64(tensor.offset);
    }
    return out.padTo(alignment).toArray();
  }

  byte[] bytes() {
    byte[] header = header();
    return new LittleEndianBytes().raw(header).raw(new byte[(int) dataBytes]).toArray();
  }

  ModelFile open() {
    return open(bytes());
  }

  static ModelFile open(byte[] file) {
    return ModelFile.read(new ByteArrayChannel(file), Path.of("hostile.gguf"));
  }
}
