package io.kaiseki.pipelines.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.deadletters.LetterCounts.Group;
import io.kaiseki.pipelines.deadletters.LetterCounts.Tally;
import io.kaiseki.schemas.DeadLetterReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LetterCountsTest {

  @TempDir Path directory;

  @Test
  void letters_are_counted_by_reason_with_the_first_and_the_last_time() {
    LetterCounts counts = new LetterCounts();
    counts.add(Letters.letter(DeadLetterReason.DEADLINE, "2026-02-10T12:00:00Z"), false);
    counts.add(Letters.letter(DeadLetterReason.TOO_LONG, "2026-02-11T12:00:00Z"), false);
    counts.add(Letters.letter(DeadLetterReason.DEADLINE, "2026-02-09T12:00:00Z"), true);
    counts.addUnreadable();

    assertThat(counts.letters()).isEqualTo(3);
    assertThat(counts.unreadable()).isEqualTo(1);
    assertThat(counts.tallies())
        .containsExactly(
            new Tally(
                new Group("DEADLINE", "analyse", "mood"),
                2,
                1,
                Instant.parse("2026-02-09T12:00:00Z"),
                Instant.parse("2026-02-10T12:00:00Z")),
            new Tally(
                new Group("TOO_LONG", "analyse", "mood"),
                1,
                0,
                Instant.parse("2026-02-11T12:00:00Z"),
                Instant.parse("2026-02-11T12:00:00Z")));
  }

  @Test
  void offsets_are_told_apart_by_partition_and_far_beyond_an_int() {
    OffsetSet offsets = new OffsetSet();
    offsets.add(0, 5);
    offsets.add(1, 1L << 40);

    assertThat(offsets.contains(0, 5)).isTrue();
    assertThat(offsets.contains(1, 1L << 40)).isTrue();
    assertThat(offsets.contains(1, 5)).isFalse();
    assertThat(offsets.contains(0, 5 + (1L << 16))).isFalse();
    assertThat(offsets.contains(0, 1L << 40)).isFalse();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void an_original_is_written_byte_for_byte_for_its_owner_alone() throws IOException {
    StoredLetter letter =
        new StoredLetter(2, 9, Letters.letter(DeadLetterReason.DEADLINE, "2026-02-10T12:00:00Z"));

    Path file = OriginalFiles.in(directory.resolve("new")).write(letter);

    assertThat(file).hasFileName("2-9.value").hasContent("a letter");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }
}
