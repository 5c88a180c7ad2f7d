package io.kaiseki.pipelines.backfill.done;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FingerprintSetTest {

  @Test
  void it_holds_what_was_added_and_not_removed_and_nothing_else_at_any_size() {
    Random random = new Random(20_261_124);
    FingerprintSet set = new FingerprintSet();
    Set<DocumentFingerprint> expected = new HashSet<>();

    for (int i = 0; i < 200_000; i++) {
      DocumentFingerprint fingerprint = crowded(1 + random.nextInt(50_000), random.nextInt(8));
      if (set.add(fingerprint) != expected.add(fingerprint)) {
        throw new AssertionError(fingerprint + " was new to one of the two only");
      }
      if (i % 3 == 0) {
        int removed = 1 + random.nextInt(50_000);
        set.removeAll(crowded(removed, 0).high());
        for (int low = 0; low < 8; low++) {
          expected.remove(crowded(removed, low));
        }
      }
    }

    assertThat(set.size()).isEqualTo(expected.size());
    for (int high = 1; high <= 50_000; high++) {
      for (int low = 0; low < 8; low++) {
        DocumentFingerprint fingerprint = crowded(high, low);
        if (set.contains(fingerprint) != expected.contains(fingerprint)) {
          throw new AssertionError(fingerprint + " is in one of the two only");
        }
      }
    }
  }

  /** Eight of them share a place, whatever the size of the table. */
  private static DocumentFingerprint crowded(int high, int low) {
    return new DocumentFingerprint(high * 0x9E3779B97F4A7C15L, low % 4 * 256 + low / 4);
  }

  @Test
  void of_those_that_share_a_place_all_of_the_one_id_go_and_the_others_stay() {
    FingerprintSet set = new FingerprintSet();
    // They belong to the last place, and so go on at the first one.
    DocumentFingerprint[] documents = {
      new DocumentFingerprint(-1, 256),
      new DocumentFingerprint(0x7fff_ffff_ffffL, 256),
      new DocumentFingerprint(-1, 512),
      new DocumentFingerprint(0, 256),
      new DocumentFingerprint(-1, 768),
    };
    for (DocumentFingerprint document : documents) {
      set.add(document);
    }

    set.removeAll(-1);

    assertThat(documents)
        .extracting(set::contains)
        .containsExactly(false, true, false, true, false);
    assertThat(set.size()).isEqualTo(2);
    assertThat(set.add(documents[0])).isTrue();
    assertThat(set.contains(documents[0])).isTrue();
  }

  @Test
  void what_is_removed_again_and_again_takes_no_memory() {
    FingerprintSet set = new FingerprintSet();
    long bytes = set.bytes();

    for (int i = 0; i < 100_000; i++) {
      set.add(new DocumentFingerprint(i, i));
      set.removeAll(i);
    }

    assertThat(set.size()).isZero();
    assertThat(set.bytes()).isEqualTo(bytes);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void very_many_texts_of_one_document_are_added_and_removed_within_seconds() {
    FingerprintSet set = new FingerprintSet();
    int texts = 400_000;

    for (int i = 0; i < texts; i++) {
      set.add(new DocumentFingerprint(1, i));
    }

    assertThat(set.size()).isEqualTo(texts);
    assertThat(set.contains(new DocumentFingerprint(1, texts - 1))).isTrue();
    set.removeAll(1);
    assertThat(set.size()).isZero();
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
    set.removeAll(0);
    assertThat(set.contains(zeros)).isFalse();
  }

  @Test
  void another_text_or_another_id_is_another_document() {
    DocumentFingerprint one = DocumentFingerprint.of("id", "aa");

    assertThat(DocumentFingerprint.of("id", "aa")).isEqualTo(one);
    assertThat(DocumentFingerprint.of("id", "ab")).isNotEqualTo(one);
    assertThat(DocumentFingerprint.of("ida", "a")).isNotEqualTo(one);
  }
}
