package io.kaiseki.pipelines.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import org.junit.jupiter.api.Test;

class StoredLetterTest {

  @Test
  void a_row_that_could_not_be_read_is_no_document_to_send() {
    assertThat(letter(DeadLetterReason.UNDECODABLE, "file:tickets.csv").ofUnreadableEntry())
        .isTrue();
  }

  @Test
  void a_row_that_was_read_and_a_record_of_a_topic_can_be_sent() {
    assertThat(letter(DeadLetterReason.DEADLINE, "file:tickets.csv").ofUnreadableEntry()).isFalse();
    assertThat(letter(DeadLetterReason.UNDECODABLE, "moods").ofUnreadableEntry()).isFalse();
  }

  private static StoredLetter letter(DeadLetterReason reason, String topic) {
    DeadLetter letter =
        DeadLetter.newBuilder(Letters.letter(reason, "2026-01-31T08:00:00Z"))
            .setSourceTopic(topic)
            .build();
    return new StoredLetter(0, 0, letter);
  }
}
