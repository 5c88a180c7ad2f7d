package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeUpModelLoadsTest {

  @TempDir Path directory;

  @Test
  void llama_cpp_itself_loads_tokenises_and_decodes_the_tiny_model() throws IOException {
    assumeTrue(NativeCheck.isSupported(), "the native library has no build for this machine");
    Path file = directory.resolve("tiny.gguf");
    ModelMaker.make(ModelShape.TINY, file, MakeOptions.defaults());

    try (NativeCheck llama = new NativeCheck(file, directory)) {
      for (R1Marker marker : R1Marker.values()) {
        assertThat(llama.tokenise(marker.text(), true))
            .as(marker.text())
            .containsExactly(ModelShape.TINY.idOf(marker));
      }
      assertThat(llama.tokenise("<\uFF5CUser\uFF5C>", false)).hasSizeGreaterThan(1);
      assertThat(llama.tokenise("\":\"", false)).hasSize(1);

      float[] logits = llama.decode(llama.tokenise("{\"category\":\"billing\",\"open\":", false));

      assertThat(logits).hasSize(ModelShape.TINY.vocabularySize());
      double mean = 0;
      double square = 0;
      for (float logit : logits) {
        assertThat(logit).isFinite();
        mean += logit / logits.length;
        square += logit * logit / logits.length;
      }
      assertThat(Math.sqrt(square - mean * mean)).isBetween(1.0, 5.0);
      float[] otherwise = llama.decode(llama.tokenise("{\"priority\":\"high\",\"open\":", false));
      assertThat(otherwise).as("what came before matters").isNotEqualTo(logits);
    }
  }
}
