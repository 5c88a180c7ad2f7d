package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PreparedDocumentTest {

  @Test
  void the_hash_of_its_text_is_the_one_that_earlier_results_carry() {
    RawRecord source = new RawRecord("letters", 0, 1, 2, null, null, List.of());

    assertThat(new PreparedDocument(source, "id", "Größe 🙂").textSha256())
        .isEqualTo("e720bc67ce1a7a9bce909cf72e36d53c58e9f6446fc578c2524b9b897c88beba");
    assertThat(new PreparedDocument(source, "id", "Größe \uD83D").textSha256())
        .as("half a character")
        .isEqualTo("105ec1cedc9ba8d52b2a76720e021ebea75f7ba088eb3419476b45d950c7bee6");
  }
}
