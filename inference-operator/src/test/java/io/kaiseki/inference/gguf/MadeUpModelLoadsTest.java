package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MadeUpModelLoadsTest {

  @TempDir static Path directory;

  static Stream<ModelShape> shapes() {
    return Stream.of(ModelShape.TINY, thinLlama());
  }

  /** The vocabulary and the rotary factors of the 8B distillation on two thin layers. */
  private static ModelShape thinLlama() {
    ModelShape published = ModelShape.R1_DISTILL_LLAMA_8B;
    return new ModelShape(
        "thin-llama",
        "Thin Llama, made-up weights",
        new Hyperparameters(Architecture.LLAMA, 131_072, 64, 2, 128, 2, 1, 32, 32, 500_000f, 1e-5f),
        published.preTokenizer(),
        published.ordinaryTokens(),
        published.specialTokens(),
        published.vocabularySize());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void llama_cpp_itself_loads_tokenises_and_decodes(ModelShape shape) throws IOException {
    assumeTrue(NativeCheck.isSupported(), "the native library has no build for this machine");
    Path file = directory.resolve(shape.name() + ".gguf");
    ModelMaker.make(shape, file, MakeOptions.defaults());
    ModelFile model = ModelFile.open(file);

    try (NativeCheck llama = new NativeCheck(file, directory)) {
      model
          .vocabulary()
          .r1Markers()
          .forEach(
              (marker, token) ->
                  assertThat(llama.tokenise(marker.text(), true))
                      .as(marker.text())
                      .containsExactly(token.id()));
      assertThat(llama.tokenise(R1Marker.USER.text(), false)).hasSizeGreaterThan(1);
      assertThat(llama.tokenise("\":\"", false)).hasSize(1);

      float[] logits = llama.decode(llama.tokenise("{\"category\":\"billing\",\"a\":", false));

      assertThat(logits).hasSize(shape.vocabularySize());
      assertThat(deviation(logits)).isBetween(1.0, 5.0);
      float[] otherwise = llama.decode(llama.tokenise("{\"priority\":\"high\",\"a\":", false));
      assertThat(otherwise).as("what came before matters").isNotEqualTo(logits);
    }
  }

  /** Not a number, and so in no range, if any of the values isn't finite. */
  private static double deviation(float[] values) {
    double mean = 0;
    double square = 0;
    for (float value : values) {
      mean += (double) value / values.length;
      square += (double) value * value / values.length;
    }
    return Math.sqrt(square - mean * mean);
  }
}
