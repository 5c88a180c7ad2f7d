package io.kaiseki.pipelines.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LetterFilterTest {

  private static final DeadLetter LETTER =
      Letters.letter(DeadLetterReason.DEADLINE, "2026-02-10T12:00:00Z");

  @Test
  void a_filter_without_conditions_admits_every_letter() {
    for (DeadLetterReason reason : DeadLetterReason.values()) {
      assertThat(LetterFilter.all().admits(Letters.letter(reason, "2026-02-10T12:00:00Z")))
          .isTrue();
    }
  }

  @Test
  void a_letter_must_have_one_of_the_reasons() {
    assertThat(reasons(DeadLetterReason.DEADLINE, DeadLetterReason.POISON).admits(LETTER)).isTrue();
    assertThat(reasons(DeadLetterReason.POISON).admits(LETTER)).isFalse();
  }

  @Test
  void the_moment_itself_counts_and_what_was_before_does_not() {
    assertThat(since("2026-02-10T12:00:00Z").admits(LETTER)).isTrue();
    assertThat(since("2026-02-10T12:00:01Z").admits(LETTER)).isFalse();
  }

  @Test
  void letters_of_another_analysis_on_the_same_topic_are_not_meant() {
    assertThat(analysis("mood").admits(LETTER)).isTrue();
    assertThat(analysis("other").admits(LETTER)).isFalse();
  }

  private static LetterFilter reasons(DeadLetterReason... reasons) {
    return new LetterFilter(Optional.empty(), Set.of(reasons), Optional.empty());
  }

  private static LetterFilter since(String moment) {
    return new LetterFilter(Optional.empty(), Set.of(), Optional.of(Instant.parse(moment)));
  }

  private static LetterFilter analysis(String name) {
    return new LetterFilter(Optional.of(name), Set.of(), Optional.empty());
  }
}
