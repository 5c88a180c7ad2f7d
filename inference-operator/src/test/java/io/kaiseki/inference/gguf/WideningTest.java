package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WideningTest {

  private static final int WIDE_VOCABULARY = 4096;
  private static final String TEXT = "{\"category\":\"billing\",\"summary\":\"A bill is wrong";

  @TempDir static Path directory;

  /** The tiny shape has 2 layers, a width of 128 and 2 heads for keys, of 32. */
  private static ModelShape wide(int blocks, int width, int heads, int kvHeads) {
    return new ModelShape(
        "wide",
        "Wide",
        new Hyperparameters(
            Architecture.QWEN2,
            32_768,
            width,
            blocks,
            1024,
            heads,
            kvHeads,
            width / heads,
            width / heads,
            10_000f,
            1e-6f),
        PreTokenizer.DEEPSEEK_R1_QWEN,
        ModelShape.TINY.ordinaryTokens(),
        ModelShape.TINY.specialTokens(),
        WIDE_VOCABULARY);
  }

  private static ModelFile tiny() throws IOException {
    Path file = directory.resolve("tiny.gguf");
    ModelMaker.make(
        ModelShape.TINY, file, MakeOptions.defaults().withTypes(GgmlType.Q8_0, GgmlType.Q8_0));
    return ModelFile.open(file);
  }

  private static float[] logits(ModelFile model) throws IOException {
    try (NativeCheck llama = new NativeCheck(model.path(), directory)) {
      return llama.decode(llama.tokenise(TEXT, false));
    }
  }

  private static ModelFile widened(ModelFile small, ModelShape shape, GgmlType type)
      throws IOException {
    Path file = directory.resolve("wide.gguf");
    ModelMaker.widen(small, shape, file, MakeOptions.defaults().withTypes(type, GgmlType.Q8_0));
    return ModelFile.open(file);
  }

  private static double difference(float[] one, float[] other) {
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      squares += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return Math.sqrt(squares / one.length);
  }

  @Test
  void a_wide_model_computes_what_the_small_one_computes() throws IOException {
    assumeTrue(NativeCheck.isSupported(), "the native library has no build for this machine");
    ModelFile small = tiny();
    float[] expected = logits(small);

    float[] found = logits(widened(small, wide(3, 512, 8, 2), GgmlType.F32));

    assertThat(difference(expected, found)).isCloseTo(0, within(0.1));
    assertThat(Arrays.copyOfRange(found, expected.length, found.length))
        .as("logits of tokens that only the wide model has")
        .hasSize(WIDE_VOCABULARY - expected.length)
        .containsOnly(found[expected.length]);
    assertThat(found[expected.length]).isLessThan(-100);
  }

  @ParameterizedTest
  @CsvSource({
    "four bits, Q4_0, 2, 0.3",
    "two heads with the keys of one, F32, 1, 0.5",
  })
  void it_computes_nearly_the_same_in(String what, GgmlType type, int kvHeads, double error)
      throws IOException {
    assumeTrue(NativeCheck.isSupported(), "the native library has no build for this machine");
    ModelFile small = tiny();
    float[] expected = logits(small);

    ModelFile model = widened(small, wide(2, 512, 4 * kvHeads, kvHeads), type);

    assertThat(difference(expected, logits(model))).as(what).isCloseTo(0, within(error));
  }

  @Test
  void a_model_that_does_not_fit_is_refused_with_what_is_in_the_way() throws IOException {
    ModelFile small = tiny();

    assertThatThrownBy(() -> new Widening(small, wide(1, 512, 8, 2)))
        .hasMessage("the small model does not fit the shape: it has more layers");
    assertThatThrownBy(() -> new Widening(small, wide(2, 256, 4, 2)))
        .hasMessage("the small model does not fit the shape: it is too wide");
    assertThatThrownBy(() -> new Widening(small, wide(2, 512, 16, 1)))
        .hasMessage("the small model does not fit the shape: its heads do not fit");
    assertThatThrownBy(() -> new Widening(small, ModelShape.TINY_QWEN3))
        .hasMessage("the small model does not fit the shape: both must be of the family qwen2");
  }
}
