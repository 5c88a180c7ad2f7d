package io.kaiseki.pipelines.backfill.done;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DocumentFingerprintTest {

  @Test
  void it_is_half_of_the_hash_of_the_id_behind_its_length_and_of_the_hash_of_the_text() {
    String text = "aedc3f80989a6546962705852b2f4a481dbd1e490760693525c3724bacab3f50";

    assertThat(DocumentFingerprint.of("ä-1", text))
        .isEqualTo(new DocumentFingerprint(0x61c4a089a2177983L, 0x59772bd8891476beL));
  }
}
