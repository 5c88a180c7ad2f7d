package io.kaiseki.schemas.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values that Python's hashlib gives; what is stored under them must be found again. */
class Sha256Test {

  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String OF_NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void bytes_and_text_have_the_digests_of_the_standard() {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);

    assertThat(HexFormat.of().formatHex(Sha256.of(abc))).isEqualTo(OF_ABC);
    assertThat(Sha256.begin().digest(abc)).isEqualTo(Sha256.of(abc));
    assertThat(Sha256.hex("abc")).isEqualTo(OF_ABC);
    assertThat(Sha256.hex("")).isEqualTo(OF_NOTHING);
  }

  @Test
  void text_counts_as_utf_8_and_half_a_character_as_a_question_mark() {
    assertThat(Sha256.hex("Größe 🙂"))
        .isEqualTo("e720bc67ce1a7a9bce909cf72e36d53c58e9f6446fc578c2524b9b897c88beba");
    assertThat(Sha256.hex("Größe \uD83D"))
        .isEqualTo("105ec1cedc9ba8d52b2a76720e021ebea75f7ba088eb3419476b45d950c7bee6");
  }

  @Test
  void parts_stand_behind_their_lengths_in_bytes() {
    assertThat(Sha256.hexOfParts(List.of("Größe", "", "abc")))
        .isEqualTo("23e9204926ccb12ab70c17d0dec0c6603d4520e4432eceba8abcc7695efa368b");
    assertThat(Sha256.hexOfParts(List.of("ab", "c")))
        .isEqualTo("f2939f903016e5bb29b1e4a61cdbd376220ca03a24180b39995f2d50f2e0a647")
        .isNotEqualTo(Sha256.hexOfParts(List.of("a", "bc")));
    assertThat(Sha256.hexOfParts(List.of())).isEqualTo(OF_NOTHING);
  }
}
