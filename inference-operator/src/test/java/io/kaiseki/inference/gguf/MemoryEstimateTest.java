package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {

  private static final double MIB = 1 << 20;

  /** The right-hand columns are what llama.cpp b4916 logged for a file of this shape. */
  @ParameterizedTest
  @CsvSource({
    "256,   512, 1,   7.00, 151.46, 0.58",
    "4096,  512, 8, 112.00, 303.78, 4.64",
    "16384, 512, 8, 448.00, 302.75, 4.64",
    "8192,  256, 8, 224.00, 151.38, 4.64"
  })
  void the_estimate_agrees_with_the_buffers_that_llama_cpp_reports(
      int context, int batch, int slots, double kv, double compute, double outputs) {
    MemoryEstimate estimate =
        MemoryEstimate.of(modelOf(ModelShape.R1_DISTILL_QWEN_1_5B), context, batch, slots);

    assertThat(estimate.kvBytes() / MIB).isCloseTo(kv, within(0.01));
    assertThat(estimate.computeBytes() / MIB).isCloseTo(compute, within(0.005 * compute));
    assertThat(estimate.outputBytes() / MIB).isCloseTo(outputs, within(0.01));
  }

  /** As such a model may be run without flash attention. */
  @Test
  void with_narrow_heads_there_are_the_products_of_all_of_them_with_all_cells() {
    ModelFile narrow = modelOf(ModelShape.TINY);
    long heads = narrow.hyperparameters().headCount();

    MemoryEstimate estimate = MemoryEstimate.of(narrow, 65_536, 512, 8);

    long mask = 65_536L * 3 / 2 + 4L * narrow.hyperparameters().embeddingLength();
    assertThat(estimate.computeBytes()).isEqualTo(512L * 4 * (heads * 65_536 + mask));
  }

  @Test
  void the_explanation_adds_up() {
    MemoryEstimate estimate = new MemoryEstimate(100 << 20, 1024, 2048, 3 << 20, 1 << 19, 1 << 18);

    assertThat(estimate.explain())
        .isEqualTo(
            "weights 100.0 + KV cache 2.0 (2,048 tokens x 1,024 bytes) + compute buffer 3.0 +"
                + " outputs 0.5 + vocabulary 0.3 = 105.8 MiB");
    assertThat(estimate.fitsIn(estimate.totalBytes())).isTrue();
    assertThat(estimate.fitsIn(estimate.totalBytes() - 1)).isFalse();
  }

  @Test
  void a_context_of_nothing_is_refused() {
    ModelFile model = modelOf(ModelShape.TINY);

    assertThatThrownBy(() -> MemoryEstimate.of(model, 0, 512, 8))
        .hasMessage("contextTokens must be at least 1, but is 0");
  }

  private static ModelFile modelOf(ModelShape shape) {
    Vocabulary vocabulary =
        new Vocabulary(shape.vocabularySize(), 0, "", 0, 0, true, Map.of(), List.of(), Map.of());
    return new ModelFile(
        Path.of("any.gguf"),
        0,
        new GgufHeader(3, 32, Map.of(), List.of(), 0),
        shape.hyperparameters(),
        vocabulary);
  }
}
