package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Equal settings share an engine, however they are written. */
class LlamaCppSettingsTest {

  private static final String SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void the_same_digest_in_upper_case_is_the_same_model() {
    assertThat(pinned(SHA256.toUpperCase(Locale.ROOT) + " ")).isEqualTo(pinned(SHA256));
  }

  @Test
  void no_library_is_the_best_that_there_is() {
    assertThat(library("")).isEqualTo(library(LlamaCppSettings.AUTO_LIBRARY));
  }

  private static LlamaCppSettings pinned(String sha256) {
    return new LlamaCppSettings("model.gguf", sha256, 1, 4_096, 512, 1, "");
  }

  private static LlamaCppSettings library(String library) {
    return new LlamaCppSettings("model.gguf", "", 1, 4_096, 512, 1, library);
  }
}
