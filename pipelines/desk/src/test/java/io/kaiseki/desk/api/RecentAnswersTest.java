package io.kaiseki.desk.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.desk.api.RecentAnswers.Answer;
import org.junit.jupiter.api.Test;

/** What is kept of answers, and how much of the heap that takes. */
class RecentAnswersTest {

  private static final long VERSION = 7;
  private static final long HOLDS = 5_000;

  private final RecentAnswers answers = new RecentAnswers();
  private long now;

  @Test
  void an_answer_holds_for_its_time_and_its_version() {
    keep("/documents?q=a", 10);

    assertThat(answers.find("/documents?q=a", VERSION, now + HOLDS)).isPresent();
    assertThat(answers.find("/documents?q=a", VERSION, now + HOLDS + 1)).isEmpty();
    assertThat(answers.find("/documents?q=a", VERSION + 1, now)).isEmpty();
    assertThat(answers.find("/documents?q=b", VERSION, now)).isEmpty();
  }

  @Test
  void however_many_large_pages_are_asked_for_their_bytes_have_a_bound() {
    for (int i = 0; i < 2 * RecentAnswers.MOST; i++) {
      keep("/documents?q=" + i, 200_000);
      assertThat(answers.bytes()).isLessThanOrEqualTo(RecentAnswers.MOST_BYTES);
    }

    assertThat(answers.bytes()).isGreaterThan(RecentAnswers.MOST_BYTES - 200_000);
    assertThat(answers.find("/documents?q=" + (2 * RecentAnswers.MOST - 1), VERSION, now))
        .isPresent();
    assertThat(answers.find("/documents?q=0", VERSION, now)).isEmpty();
  }

  @Test
  void a_very_large_page_is_not_kept_and_what_it_replaces_is_not_either() {
    keep("/documents?limit=500", 10);
    keep("/documents?limit=500", RecentAnswers.LARGEST + 1);

    assertThat(answers.bytes()).isZero();
  }

  @Test
  void what_holds_no_longer_makes_room() {
    for (int i = 0; i < 50; i++) {
      keep("/documents?q=" + i, 100_000);
    }
    now += HOLDS + 1;
    keep("/documents", 10);

    assertThat(answers.bytes()).isEqualTo(10);
  }

  private void keep(String question, int bytes) {
    answers.keep(question, new Answer(VERSION, now + HOLDS, new byte[bytes], "\"tag\""), now);
  }
}
