package io.kaiseki.pipelines.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.deadletters.LetterListing.Listed;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LetterListingTest {

  @TempDir Path directory;

  @Test
  void letters_of_other_analyses_on_the_topic_are_counted_but_neither_listed_nor_written()
      throws IOException {
    LetterListing listing =
        new LetterListing(
            LetterFilter.all(),
            letter -> letter.offset() == 2,
            new Listed("mood", 10, Optional.of(OriginalFiles.in(directory))));

    listing.letter(new StoredLetter(0, 1, letter("invoices")));
    listing.letter(new StoredLetter(0, 2, letter("mood")));
    listing.unreadable(0, 3, "not Avro");

    assertThat(listing.counts().letters()).isEqualTo(2);
    assertThat(listing.counts().unreadable()).isEqualTo(1);
    assertThat(listing.lines())
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .containsEntry("position", "0@2")
                    .containsEntry("analysis", "mood")
                    .containsEntry("sentAgain", true)
                    .containsEntry("file", directory.resolve("0-2.value").toString()));
    assertThat(directory.toFile().list()).containsExactly("0-2.value");
  }

  @Test
  void the_limit_is_for_the_list_and_the_filter_for_both() {
    LetterFilter deadlines =
        new LetterFilter(Optional.empty(), Set.of(DeadLetterReason.DEADLINE), Optional.empty());
    LetterListing listing =
        new LetterListing(deadlines, letter -> false, new Listed("mood", 1, Optional.empty()));

    listing.letter(
        new StoredLetter(0, 0, Letters.letter(DeadLetterReason.POISON, "2026-02-10T12:00:00Z")));
    listing.letter(new StoredLetter(0, 1, letter("mood")));
    listing.letter(new StoredLetter(0, 2, letter("mood")));

    assertThat(listing.counts().letters()).isEqualTo(2);
    assertThat(listing.lines())
        .singleElement()
        .satisfies(line -> assertThat(line).containsEntry("position", "0@1"));
  }

  private static DeadLetter letter(String analysis) {
    return DeadLetter.newBuilder(Letters.letter(DeadLetterReason.DEADLINE, "2026-02-10T12:00:00Z"))
        .setAnalysis(analysis)
        .build();
  }
}
