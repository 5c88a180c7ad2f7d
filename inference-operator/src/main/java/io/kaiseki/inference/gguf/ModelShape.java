package io.kaiseki.inference.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The outward form of a model: everything but its weights. The published shapes carry the numbers
 * of the {@code config.json} of the models of the same name by deepseek-ai on Hugging Face and the
 * special token numbers of their {@code tokenizer.json}, so a made-up file of such a shape has the
 * size, the memory need and the speed of the real one.
 *
 * @param name how the shape is asked for
 * @param title value of {@code general.name}
 * @param hyperparameters the numbers of the transformer
 * @param preTokenizer how text is cut before merging
 * @param ordinaryTokens tokens of text; the special ones follow
 * @param specialTokens in order of their numbers; holds the begin and end of sentence
 * @param vocabularySize all tokens; place holders fill what remains; a multiple of 32
 */
public record ModelShape(
    String name,
    String title,
    Hyperparameters hyperparameters,
    PreTokenizer preTokenizer,
    int ordinaryTokens,
    List<String> specialTokens,
    int vocabularySize) {

  /** A few megabytes, its own small vocabulary, contexts up to 32,768 tokens: for tests. */
  public static final ModelShape TINY = tiny();

  /**
   * The same of the family of DeepSeek-R1-0528-Qwen3-8B: keys and queries are normalised, heads are
   * wider than their share of the embedding. Only current builds of llama.cpp know it.
   */
  public static final ModelShape TINY_QWEN3 = tinyQwen3();

  /** deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B. */
  public static final ModelShape R1_DISTILL_QWEN_1_5B =
      qwen("1.5b", new Widths(28, 1536, 8960, 12, 2), 151936);

  /** deepseek-ai/DeepSeek-R1-Distill-Qwen-7B. */
  public static final ModelShape R1_DISTILL_QWEN_7B =
      qwen("7b", new Widths(28, 3584, 18944, 28, 4), 152064);

  /** deepseek-ai/DeepSeek-R1-Distill-Llama-8B. */
  public static final ModelShape R1_DISTILL_LLAMA_8B = llama8b();

  private static final Map<String, ModelShape> NAMED =
      Stream.of(TINY, TINY_QWEN3, R1_DISTILL_QWEN_1_5B, R1_DISTILL_QWEN_7B, R1_DISTILL_LLAMA_8B)
          .collect(Collectors.toUnmodifiableMap(ModelShape::name, Function.identity()));

  private record Widths(int blocks, int embedding, int feedForward, int heads, int kvHeads) {}

  public ModelShape {
    specialTokens = List.copyOf(specialTokens);
    if (vocabularySize % 32 != 0) {
      throw new IllegalArgumentException(
          "vocabularySize must be a multiple of 32, but is " + vocabularySize);
    }
    if (ordinaryTokens < 256 || ordinaryTokens + specialTokens.size() > vocabularySize) {
      throw new IllegalArgumentException(
          "%d ordinary and %d special tokens do not fit a vocabulary of %d; at least 256 ordinary"
              .formatted(ordinaryTokens, specialTokens.size(), vocabularySize));
    }
  }

  /**
   * The shape of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static ModelShape named(String name) {
    ModelShape shape = NAMED.get(name);
    if (shape == null) {
      throw new IllegalArgumentException(
          "unknown model shape '" + name + "'; choose one of " + String.join(", ", names()));
    }
    return shape;
  }

  /** The names that {@link #named} knows, in alphabetical order. */
  public static List<String> names() {
    return NAMED.keySet().stream().sorted().toList();
  }

  /** The number of a special token that this shape has. */
  int idOf(R1Marker marker) {
    int index = specialTokens.indexOf(marker.text());
    if (index < 0) {
      throw new IllegalArgumentException("shape " + name + " has no token " + marker.text());
    }
    return ordinaryTokens + index;
  }

  private static ModelShape tiny() {
    int ordinary = 3168;
    return new ModelShape(
        "tiny",
        "Kaiseki tiny, made-up weights",
        hyperparameters(Architecture.QWEN2, 32_768, new Widths(2, 128, 384, 4, 2), 10_000f, 1e-6f),
        PreTokenizer.DEEPSEEK_R1_QWEN,
        ordinary,
        qwenSpecialTokens(),
        ordinary + 32);
  }

  private static ModelShape tinyQwen3() {
    return new ModelShape(
        "tiny-qwen3",
        "Kaiseki tiny Qwen 3, made-up weights",
        new Hyperparameters(
            Architecture.QWEN3, 32_768, 128, 2, 384, 4, 2, 64, 64, 1_000_000f, 1e-6f),
        TINY.preTokenizer(),
        TINY.ordinaryTokens(),
        TINY.specialTokens(),
        TINY.vocabularySize());
  }

  private static ModelShape qwen(String size, Widths widths, int vocabularySize) {
    return new ModelShape(
        "deepseek-r1-distill-qwen-" + size,
        "DeepSeek R1 Distill Qwen " + size.toUpperCase(Locale.ROOT) + ", made-up weights",
        hyperparameters(Architecture.QWEN2, 131_072, widths, 10_000f, 1e-6f),
        PreTokenizer.DEEPSEEK_R1_QWEN,
        151_643,
        qwenSpecialTokens(),
        vocabularySize);
  }

  private static ModelShape llama8b() {
    return new ModelShape(
        "deepseek-r1-distill-llama-8b",
        "DeepSeek R1 Distill Llama 8B, made-up weights",
        hyperparameters(
            Architecture.LLAMA, 131_072, new Widths(32, 4096, 14336, 32, 8), 500_000f, 1e-5f),
        PreTokenizer.LLAMA_BPE,
        128_000,
        llamaSpecialTokens(),
        128_256);
  }

  private static Hyperparameters hyperparameters(
      Architecture architecture,
      int contextLength,
      Widths widths,
      float ropeFrequencyBase,
      float rmsEpsilon) {
    int headLength = widths.embedding() / widths.heads();
    return new Hyperparameters(
        architecture,
        contextLength,
        widths.embedding(),
        widths.blocks(),
        widths.feedForward(),
        widths.heads(),
        widths.kvHeads(),
        headLength,
        headLength,
        ropeFrequencyBase,
        rmsEpsilon);
  }

  private static List<String> qwenSpecialTokens() {
    return Stream.of(
            R1Marker.END_OF_SENTENCE,
            R1Marker.USER,
            R1Marker.ASSISTANT,
            R1Marker.BEGIN_OF_SENTENCE,
            R1Marker.END_OF_TURN,
            R1Marker.THINK,
            R1Marker.END_THINK)
        .map(R1Marker::text)
        .toList();
  }

  /** Llama 3's 256 special places; the distillation has put its markers over some of them. */
  private static List<String> llamaSpecialTokens() {
    List<String> tokens =
        new ArrayList<>(IntStream.range(0, 256).mapToObj(i -> reserved(i - 8)).toList());
    tokens.set(0, R1Marker.BEGIN_OF_SENTENCE.text());
    tokens.set(1, R1Marker.END_OF_SENTENCE.text());
    tokens.set(2, reserved(0));
    tokens.set(3, reserved(1));
    tokens.set(4, "<|finetune_right_pad_id|>");
    tokens.set(5, reserved(2));
    tokens.set(6, "<|start_header_id|>");
    tokens.set(7, "<|end_header_id|>");
    tokens.set(8, "<|eom_id|>");
    tokens.set(9, "<|eot_id|>");
    tokens.set(10, "<|python_tag|>");
    tokens.set(11, R1Marker.USER.text());
    tokens.set(12, R1Marker.ASSISTANT.text());
    tokens.set(13, R1Marker.THINK.text());
    tokens.set(14, R1Marker.END_THINK.text());
    tokens.set(15, "<\uFF5C\u2581pad\u2581\uFF5C>");
    return tokens;
  }

  private static String reserved(int number) {
    return "<|reserved_special_token_" + number + "|>";
  }
}
