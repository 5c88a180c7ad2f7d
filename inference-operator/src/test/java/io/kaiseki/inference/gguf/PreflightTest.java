package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One change to a valid file each; what the preflight says to it. */
class PreflightTest {

  /**
   * @param says parts of the message
   */
  record Refusal(String name, Consumer<RawGguf> change, List<String> says) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void the_unchanged_file_passes() {
    ModelFile model = RawGguf.valid().open();

    assertThat(model.name()).isEqualTo("smallest");
    assertThat(model.hyperparameters().keyLength()).isEqualTo(8);
    assertThat(model.vocabulary().size()).isEqualTo(RawGguf.VOCABULARY);
    assertThat(model.vocabulary().missingR1Markers()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource({"preamble", "metadata", "tensors", "hyperparameters", "tokenizer"})
  void refuses(Refusal refusal) {
    RawGguf raw = RawGguf.valid();
    refusal.change().accept(raw);

    assertThatThrownBy(raw::open)
        .isInstanceOf(InvalidModelFileException.class)
        .hasMessageStartingWith("model file hostile.gguf: ")
        .hasMessageContainingAll(refusal.says().toArray(CharSequence[]::new));
  }

  static Stream<Refusal> preamble() {
    return Stream.of(
        refusal("a file of another kind", r -> r.magic = "<htm".getBytes(), "0x3C68746D", "GGUF"),
        refusal("version 1", r -> r.version = 1, "version is 1", "convert the model again"),
        refusal("a version of the future", r -> r.version = 77, "version is 77, expected 2 or 3"),
        refusal("big endian", r -> r.version = 3 << 24, "big endian", "convert"),
        refusal("a negative number of tensors", r -> r.extraTensors = -100, "number of tensors"),
        refusal(
            "too many tensors",
            r -> r.extraTensors = 1L << 40,
            "number of tensors is 1099511627791"),
        refusal("too many entries", r -> r.extraEntries = 1L << 62, "number of metadata entries"),
        refusal(
            "a tensor less than counted", r -> r.extraTensors = 5000, "name of tensor 16 is empty"),
        refusal("no tensor at all", r -> r.tensors.clear(), "token_embd.weight is missing"));
  }

  static Stream<Refusal> metadata() {
    return Stream.of(
        refusal(
            "a key twice",
            r ->
                r.rawEntries.add(
                    new LittleEndianBytes()
                        .text("general.name")
                        .raw(r.entries.get("general.name"))
                        .toArray()),
            "general.name occurs twice"),
        refusal("an empty key", r -> r.text("", "x"), "key 21 is empty"),
        refusal("a key too long", r -> r.text("k".repeat(65_536), "x"), "65,536 bytes long"),
        refusal(
            "keys of few characters and many bytes",
            r -> IntStream.range(0, 130).forEach(i -> r.text("\u00e9".repeat(32_700) + i, "x")),
            "keys take more than 8,388,608 bytes"),
        refusal("a key with a NUL", r -> r.text("general.na\0me", "x"), "NUL"),
        refusal(
            "a text longer than the file",
            r -> r.value("x", new LittleEndianBytes().int32(8).int64(1L << 40)),
            "metadata x claims a length of 1099511627776 bytes"),
        refusal(
            "a text of negative length",
            r -> r.value("x", new LittleEndianBytes().int32(8).int64(-1)),
            "18446744073709551615"),
        refusal(
            "a text that is not UTF-8",
            r ->
                r.value(
                    "x",
                    new LittleEndianBytes().int32(8).int64(2).raw(new byte[] {(byte) 0xC3, 0x28})),
            "metadata x is not valid UTF-8"),
        refusal(
            "an unknown type",
            r -> r.value("x", new LittleEndianBytes().int32(13).int32(0)),
            "metadata x has the unknown type 13"),
        refusal("a boolean of 2", r -> r.flag("x", 2), "boolean 2"),
        refusal(
            "an array of arrays",
            r -> r.value("x", new LittleEndianBytes().int32(9).int32(9).int64(1)),
            "array of arrays"),
        refusal(
            "an array with more elements than any tokenizer",
            r -> r.value("x", new LittleEndianBytes().int32(9).int32(0).int64(1L << 32)),
            "number of elements of metadata x is 4294967296"),
        refusal(
            "an array that leaves the file",
            r -> r.value("x", new LittleEndianBytes().int32(9).int32(10).int64(1 << 23)),
            "metadata x takes 67108864 bytes"),
        refusal("an alignment of zero", r -> r.uint32("general.alignment", 0), "is 0, expected"),
        refusal("an odd alignment", r -> r.uint32("general.alignment", 48), "power of two"),
        refusal("a huge alignment", r -> r.uint32("general.alignment", 1 << 30), "1,073,741,824"),
        refusal("an alignment as text", r -> r.text("general.alignment", "32"), "type STRING"),
        refusal(
            "a part of a split model",
            r -> r.value("split.count", new LittleEndianBytes().int32(2).raw(new byte[] {3, 0})),
            "one of 3 parts",
            "llama-gguf-split --merge"));
  }

  static Stream<Refusal> tensors() {
    return Stream.of(
        refusal(
            "a tensor twice",
            r -> r.tensor("blk.0.attn_k.bias").name = "blk.0.attn_v.bias",
            "blk.0.attn_v.bias occurs twice"),
        refusal(
            "a tensor name too long for ggml",
            r -> r.tensor("output.weight").name = "x".repeat(64),
            "64 bytes long, expected at most 63"),
        refusal("no dimension", r -> r.tensor("output.weight").dimensionCount = 0, "0 dimensions"),
        refusal(
            "five dimensions", r -> r.tensor("output.weight").dimensionCount = 5, "5 dimensions"),
        refusal(
            "a dimension of zero",
            r -> r.tensor("output.weight").dimensions[1] = 0,
            "dimension 1 of tensor output.weight is 0"),
        refusal(
            "a negative dimension",
            r -> r.tensor("output.weight").dimensions[1] = -1,
            "is 18446744073709551615, expected 1 or more"),
        refusal(
            "a product of dimensions that wraps around",
            r -> r.tensor("output.weight").dimensions = new long[] {1L << 33, 1L << 33},
            "size of tensor output.weight overflows"),
        refusal(
            "a size in bytes that wraps around",
            r -> r.tensor("output.weight").dimensions = new long[] {1L << 31, 1L << 31},
            "size of tensor output.weight overflows"),
        refusal("a type that never was", r -> r.tensor("output.weight").type = 99, "ggml type 99"),
        refusal(
            "a type that was dropped",
            r -> r.tensor("output.weight").type = 31,
            "ggml type 31",
            "another quantisation"),
        refusal(
            "rows that do not fill blocks",
            r -> r.tensor("output.weight").type = GgmlType.Q4_K.id(),
            "multiple of the 256 in a Q4_K block"),
        refusal(
            "an offset that is not aligned",
            r -> r.tensor("output.weight").offset += 1,
            "tensor output.weight lies at offset"),
        refusal(
            "tensors that overlap",
            r -> r.tensor("output.weight").offset = 0,
            "tensor output.weight lies at offset 0, expected"),
        refusal(
            "an offset that wraps around",
            r -> r.tensor("output.weight").offset = -32,
            "offset 18446744073709551584"),
        refusal(
            "a tensor beyond the end",
            r -> r.tensor("blk.0.ffn_down.weight").dimensions[1] = 1 << 20,
            "bytes, expected at least 268,"),
        refusal(
            "an offset near the end of all numbers",
            r -> r.tensor("output.weight").dimensions = new long[] {1L << 61, 1},
            "size of tensor output.weight overflows"),
        refusal("too little data", r -> r.dataBytes -= 1, "expected at least", "download it again"),
        refusal(
            "an embedding for another vocabulary",
            r -> r.texts("tokenizer.ggml.tokens", shorter(RawGguf.tokens())),
            "287"),
        refusal(
            "a tensor of another shape",
            r -> r.uint32("qwen2.feed_forward_length", 65),
            "blk.0.ffn_gate.weight has the shape [32, 64], expected [32, 65]"),
        refusal(
            "a missing tensor",
            r -> r.uint32("qwen2.block_count", 2),
            "tensor blk.1.attn_norm.weight is missing"),
        refusal(
            "a tensor that the family does not have",
            r -> r.tensor("output.weight").name = "extra.weight",
            "tensor extra.weight is unknown to the architecture qwen2"),
        refusal(
            "a norm that is not F32",
            r -> reType(r, "output_norm.weight", GgmlType.Q8_0),
            "output_norm.weight is stored as Q8_0, expected F32"),
        refusal(
            "weights as integers",
            r -> reType(r, "output.weight", GgmlType.I32),
            "output.weight is stored as I32, expected a type for weights"));
  }

  static Stream<Refusal> hyperparameters() {
    return Stream.of(
        refusal(
            "an unknown family",
            r -> r.text("general.architecture", "deepseek2"),
            "architecture is 'deepseek2', expected one of qwen2, llama, qwen3"),
        refusal(
            "a missing family",
            r -> r.entries.remove("general.architecture"),
            "general.architecture is missing"),
        refusal("a family as a number", r -> r.uint32("general.architecture", 1), "type UINT32"),
        refusal("a missing width", r -> r.entries.remove("qwen2.embedding_length"), "is missing"),
        refusal("no layers", r -> r.uint32("qwen2.block_count", 0), "block_count is 0"),
        refusal(
            "more layers than llama.cpp has room for",
            r -> r.uint32("qwen2.block_count", 513),
            "block_count is 513, expected 1 to 512"),
        refusal(
            "a width that is negative as an int",
            r -> r.uint32("qwen2.embedding_length", -1),
            "embedding_length is 4,294,967,295"),
        refusal("a width as text", r -> r.text("qwen2.embedding_length", "32"), "expected UINT32"),
        refusal("no heads", r -> r.uint32("qwen2.attention.head_count", 0), "head_count is 0"),
        refusal(
            "heads that do not divide the width",
            r -> {
              r.uint32("qwen2.attention.head_count", 5);
              r.uint32("qwen2.attention.head_count_kv", 1);
            },
            "which the 5 heads do not divide"),
        refusal(
            "key heads that do not divide the query heads",
            r -> r.uint32("qwen2.attention.head_count_kv", 3),
            "head_count_kv is 3, which does not divide the 4 query heads"),
        refusal(
            "heads whose width overflows",
            r -> {
              r.uint32("qwen2.attention.head_count", 1 << 20);
              r.uint32("qwen2.attention.key_length", 1 << 20);
              r.uint32("qwen2.attention.value_length", 1 << 20);
            },
            "are wider than"),
        refusal(
            "an odd rotation",
            r -> r.uint32("qwen2.rope.dimension_count", 7),
            "rope.dimension_count is 7, which does not fit heads of 8"),
        refusal(
            "a rotation wider than a head",
            r -> r.uint32("qwen2.rope.dimension_count", 16),
            "rope.dimension_count is 16"),
        refusal(
            "an epsilon that is not a number",
            r -> r.float32("qwen2.attention.layer_norm_rms_epsilon", Float.NaN),
            "epsilon is NaN"),
        refusal(
            "a negative epsilon, which ggml asserts on",
            r -> r.float32("qwen2.attention.layer_norm_rms_epsilon", -1e-6f),
            "expected more than 0"),
        refusal(
            "an infinite frequency base",
            r -> r.float32("qwen2.rope.freq_base", Float.POSITIVE_INFINITY),
            "freq_base is Infinity"),
        refusal(
            "a frequency scale of zero",
            r -> r.float32("qwen2.rope.scaling.factor", 0),
            "rope.scaling.factor is 0.0"),
        refusal("no context", r -> r.uint32("qwen2.context_length", 0), "context_length is 0"),
        refusal(
            "a mixture of experts",
            r -> r.uint32("qwen2.expert_count", 8),
            "mixture of 8 experts",
            "dense"),
        refusal(
            "a vocabulary size that contradicts the tokens",
            r -> r.uint32("qwen2.vocab_size", 300),
            "vocab_size is 300, but there are 288 tokens"));
  }

  static Stream<Refusal> tokenizer() {
    return Stream.of(
        refusal(
            "another kind of tokenizer",
            r -> r.text("tokenizer.ggml.model", "llama"),
            "is 'llama', expected 'gpt2'"),
        refusal("no tokens", r -> r.entries.remove("tokenizer.ggml.tokens"), "tokens is missing"),
        refusal(
            "tokens that are numbers",
            r -> r.int32s("tokenizer.ggml.tokens", RawGguf.types()),
            "array of INT32, expected STRING"),
        refusal(
            "too few tokens", r -> r.texts("tokenizer.ggml.tokens", List.of("a")), "has 1 tokens"),
        refusal(
            "types for fewer tokens",
            r -> r.int32s("tokenizer.ggml.token_type", shorter(RawGguf.types())),
            "287 elements belongs to the 288 tokens"),
        refusal(
            "scores for fewer tokens",
            r -> r.value("tokenizer.ggml.scores", floats(5)),
            "5 elements belongs to the 288 tokens"),
        refusal(
            "a type that no token has",
            r -> r.int32s("tokenizer.ggml.token_type", Collections.nCopies(288, 9)),
            "token 0 is of the type 9"),
        refusal(
            "a byte token, whose text llama.cpp parses",
            r -> r.int32s("tokenizer.ggml.token_type", Collections.nCopies(288, 6)),
            "token 0 is of the type 6"),
        refusal(
            "two equal tokens, on which llama.cpp ends the process",
            r -> r.texts("tokenizer.ggml.tokens", with(RawGguf.tokens(), 287, "ab")),
            "token 287 'ab' occurs twice"),
        refusal(
            "an empty token",
            r -> r.texts("tokenizer.ggml.tokens", with(RawGguf.tokens(), 287, "")),
            "token 287 is empty"),
        refusal(
            "a token that native code would cut short",
            r -> r.texts("tokenizer.ggml.tokens", with(RawGguf.tokens(), 287, "a\0b")),
            "tokens 287 contains a NUL"),
        refusal(
            "a token too long",
            r -> r.texts("tokenizer.ggml.tokens", with(RawGguf.tokens(), 287, "x".repeat(5000))),
            "tokens 287 is 5,000 bytes long"),
        refusal(
            "a byte without a token",
            r -> r.texts("tokenizer.ggml.tokens", with(RawGguf.tokens(), 'q', "[gone]")),
            "no token for the byte 0x71 ('q')"),
        refusal("no merges", r -> r.entries.remove("tokenizer.ggml.merges"), "merges is missing"),
        refusal(
            "a merge of one part",
            r -> r.texts("tokenizer.ggml.merges", List.of("a b", "ab")),
            "merge 1 is 'ab', expected two parts"),
        refusal(
            "a begin of sequence beyond the vocabulary",
            r -> r.uint32("tokenizer.ggml.bos_token_id", 288),
            "bos_token_id is 288, expected 0 to 287"),
        refusal(
            "no end of sequence",
            r -> r.entries.remove("tokenizer.ggml.eos_token_id"),
            "eos_token_id is missing"),
        refusal(
            "a padding token beyond the vocabulary",
            r -> r.uint32("tokenizer.ggml.padding_token_id", -1),
            "padding_token_id is 4,294,967,295"),
        refusal(
            "a flag that is text",
            r -> r.text("tokenizer.ggml.add_bos_token", "yes"),
            "add_bos_token has the type STRING, expected BOOL"));
  }

  @Test
  void a_message_shows_neither_control_characters_nor_a_flood_from_the_file() {
    RawGguf raw = RawGguf.valid();
    raw.text("general.architecture", "\u001b[2J\n" + "x".repeat(10_000));

    assertThatThrownBy(raw::open)
        .hasMessageNotContainingAny("\u001b", "\n")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(900));
  }

  @Test
  void version_2_is_read_like_version_3() {
    RawGguf raw = RawGguf.valid();
    raw.version = 2;

    assertThat(raw.open().header().version()).isEqualTo(2);
  }

  @Test
  void a_larger_alignment_is_honoured() {
    RawGguf raw = RawGguf.valid();
    raw.uint32("general.alignment", 64);
    raw.alignment = 64;

    assertThat(raw.open().header().alignment()).isEqualTo(64);
  }

  @Test
  void a_model_may_use_its_embedding_as_head() {
    RawGguf raw = RawGguf.valid();
    long head = 4L * 32 * RawGguf.VOCABULARY;
    long from = raw.tensor("output.weight").offset;
    raw.tensors.removeIf(tensor -> tensor.name.equals("output.weight"));
    raw.tensors.stream().filter(t -> t.offset > from).forEach(t -> t.offset -= head);
    raw.dataBytes -= head;

    assertThat(raw.open().hasOwnHead()).isFalse();
  }

  @Test
  void a_long_text_stays_in_the_file() {
    RawGguf raw = RawGguf.valid();
    raw.text("tokenizer.huggingface.json", "{}".repeat(100_000));

    assertThat(raw.open().header().metadata().get("tokenizer.huggingface.json"))
        .isInstanceOfSatisfying(
            MetadataValue.LongText.class, text -> assertThat(text.bytes()).isEqualTo(200_000));
  }

  /** Stores a tensor as another type and moves those behind it. */
  private static void reType(RawGguf raw, String name, GgmlType type) {
    RawGguf.Tensor changed = raw.tensor(name);
    long elements = 1;
    for (long dimension : changed.dimensions) {
      elements *= dimension;
    }
    long gain = GgufWriter.padded(type.bytes(elements)) - 4 * elements;
    changed.type = type.id();
    raw.tensors.stream().filter(t -> t.offset > changed.offset).forEach(t -> t.offset += gain);
    raw.dataBytes += gain;
  }

  private static Refusal refusal(String name, Consumer<RawGguf> change, String... says) {
    return new Refusal(name, change, List.of(says));
  }

  private static <T> List<T> shorter(List<T> list) {
    return list.subList(0, list.size() - 1);
  }

  private static List<String> with(List<String> list, int index, String value) {
    List<String> changed = new ArrayList<>(list);
    changed.set(index, value);
    return changed;
  }

  private static LittleEndianBytes floats(int count) {
    return new LittleEndianBytes().int32(9).int32(6).int64(count).raw(new byte[4 * count]);
  }
}
