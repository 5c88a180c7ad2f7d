package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StandingTest {

  private static final String NO_BALANCE = "no balance";

  private final AtomicLong nanos = new AtomicLong(-7);
  private final Standing standing = new Standing(nanos::get);

  @Test
  void a_server_that_refuses_is_tried_once_after_five_seconds() {
    assertThat(standing.tries()).as("one that serves").isFalse();

    standing.refused(standing.refusals(), NO_BALANCE);
    assertThat(standing.tries()).isFalse();
    after(Duration.ofSeconds(5));

    assertThat(standing.tries()).isTrue();
    assertThat(standing.tries()).as("beside the first").isFalse();
    assertThat(standing.refusal()).isEqualTo(NO_BALANCE);
  }

  @Test
  void a_try_that_nothing_is_heard_of_is_repeated_after_the_same_pause() {
    standing.refused(standing.refusals(), NO_BALANCE);
    for (int i = 0; i < 3; i++) {
      after(Duration.ofSeconds(5));
      assertThat(standing.tries()).isTrue();
    }
  }

  @Test
  void each_refusal_in_a_row_doubles_the_pause_up_to_five_minutes() {
    int[] pauses = {5, 10, 20, 40, 80, 160, 300, 300};
    for (int seconds : pauses) {
      standing.refused(standing.refusals(), NO_BALANCE);
      after(Duration.ofSeconds(seconds).minusNanos(1));
      assertThat(standing.tries()).as("before %d s", seconds).isFalse();
      after(Duration.ofNanos(1));
      assertThat(standing.tries()).as("after %d s", seconds).isTrue();
    }
  }

  @Test
  void requests_that_are_refused_together_count_as_one_refusal() {
    int began = standing.refusals();
    for (int i = 0; i < 16; i++) {
      assertThat(standing.refused(began, NO_BALANCE)).isEqualTo(1);
    }

    assertThat(standing.lasting()).isFalse();
  }

  @Test
  void the_sixth_refusal_in_a_row_is_lasting_and_an_answer_ends_that() {
    for (int i = 0; i < 6; i++) {
      assertThat(standing.lasting()).isFalse();
      standing.refused(standing.refusals(), NO_BALANCE);
    }
    assertThat(standing.lasting()).isTrue();

    assertThat(standing.served(standing.refusals())).isTrue();
    assertThat(standing.lasting()).isFalse();
    assertThat(standing.refusal()).isNull();
  }

  @Test
  void an_answer_to_what_began_before_the_refusal_says_nothing() {
    int early = standing.refusals();
    int refused = standing.refused(early, NO_BALANCE);

    assertThat(standing.served(early)).isFalse();
    assertThat(standing.refusal()).isEqualTo(NO_BALANCE);
    assertThat(standing.servedSince(refused)).isFalse();

    assertThat(standing.served(refused)).isTrue();
    assertThat(standing.servedSince(refused)).isTrue();
  }

  @Test
  void health_checks_that_are_refused_count_when_a_try_would_be_due() {
    for (int second = 0; second < 154; second += 2) {
      standing.refusedCheck(NO_BALANCE);
      after(Duration.ofSeconds(2));
    }
    assertThat(standing.lasting()).isFalse();
    standing.refusedCheck(NO_BALANCE);
    after(Duration.ofSeconds(2));
    standing.refusedCheck(NO_BALANCE);
    assertThat(standing.lasting()).isTrue();
  }

  private void after(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
