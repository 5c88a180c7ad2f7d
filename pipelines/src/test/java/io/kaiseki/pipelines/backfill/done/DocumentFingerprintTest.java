package io.kaiseki.pipelines.backfill.done;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DocumentFingerprintTest {

  @Test
  void
      it_begins_like_the_hash_of_the_id_and_ends_like_that_of_the_id_behind_its_length_and_the_text() {
    String text = "aedc3f80989a6546962705852b2f4a481dbd1e490760693525c3724bacab3f50";

    assertThat(DocumentFingerprint.of("ä-1", text))
        .isEqualTo(new DocumentFingerprint(0xfaa7ece99db04c26L, 0x61c4a089a2177983L));
    assertThat(DocumentFingerprint.high("ä-1".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(0xfaa7ece99db04c26L);
  }
}
