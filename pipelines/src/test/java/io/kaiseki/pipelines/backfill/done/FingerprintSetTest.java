package io.kaiseki.pipelines.backfill.done;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintSetTest {

  @Test
  void it_holds_what_was_added_and_nothing_else_at_any_size() {
    Random random = new Random(20_261_124);
    FingerprintSet set = new FingerprintSet();
    Set<DocumentFingerprint> expected = new HashSet<>();

    for (int i = 0; i < 200_000; i++) {
      DocumentFingerprint fingerprint = crowded(1 + random.nextInt(50_000), random.nextInt(4));
      if (set.add(fingerprint) != expected.add(fingerprint)) {
        throw new AssertionError(fingerprint + " was new to one of the two only");
      }
    }

    assertThat(set.size()).isEqualTo(expected.size());
    for (int high = 1; high <= 50_000; high++) {
      for (int low = 0; low < 4; low++) {
        DocumentFingerprint fingerprint = crowded(high, low);
        if (set.contains(fingerprint) != expected.contains(fingerprint)) {
          throw new AssertionError(fingerprint + " is in one of the two only");
        }
      }
    }
  }

  /** Four of them share a place, whatever the size of the table. */
  private static DocumentFingerprint crowded(int high, int low) {
    return new DocumentFingerprint(high * 0x9E3779B97F4A7C15L, low);
  }

  @Test
  void a_million_documents_take_between_21_and_43_megabytes() {
    FingerprintSet set = new FingerprintSet();

    for (int i = 0; i < 1_000_000; i++) {
      set.add(new DocumentFingerprint(i * 0x9E3779B97F4A7C15L, i));
    }

    assertThat(set.size()).isEqualTo(1_000_000);
    assertThat(set.bytes()).isBetween(21_000_000L, 43_000_000L);
  }

  @Test
  void all_zeros_are_a_fingerprint_too() {
    FingerprintSet set = new FingerprintSet();
    DocumentFingerprint zeros = new DocumentFingerprint(0, 0);

    assertThat(set.contains(zeros)).isFalse();
    assertThat(set.add(zeros)).isTrue();
    assertThat(set.contains(zeros)).isTrue();
    assertThat(set.add(zeros)).isFalse();
  }

  @Test
  void another_text_or_another_id_is_another_document() {
    DocumentFingerprint one = DocumentFingerprint.of("id", "aa");

    assertThat(DocumentFingerprint.of("id", "aa")).isEqualTo(one);
    assertThat(DocumentFingerprint.of("id", "ab")).isNotEqualTo(one);
    assertThat(DocumentFingerprint.of("ida", "a")).isNotEqualTo(one);
  }
}
