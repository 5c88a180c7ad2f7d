package io.kaiseki.pipelines.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.gguf.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The model file in the repository. */
class DemoModelTest {

  private static final Path FOLDER = Path.of("model");
  private static final Path FILE = FOLDER.resolve("kaiseki-demo-q8_0.gguf");

  @Test
  void it_is_the_file_that_the_card_speaks_of() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(FILE));

    assertThat(Files.readString(FOLDER.resolve("kaiseki-demo-q8_0.gguf.sha256")))
        .isEqualTo(HexFormat.of().formatHex(digest) + "  kaiseki-demo-q8_0.gguf\n");
  }

  @Test
  void it_is_small_and_a_model_that_the_engine_knows() throws Exception {
    assertThat(Files.size(FILE)).isLessThan(12_000_000);
    assertThat(ModelFile.open(FILE).header().text("general.architecture")).contains("qwen2");
  }
}
