package io.kaiseki.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeLeftTest {

  @Test
  void the_farthest_deadline_can_be_counted_in_nanoseconds() {
    assertThat(TimeLeft.until(Instant.MAX)).isEqualTo(TimeLeft.LONGEST);
    assertThat(TimeLeft.LONGEST.toNanos()).isPositive();
  }

  @Test
  void a_deadline_that_has_passed_leaves_nothing() {
    assertThat(TimeLeft.until(Instant.now())).isZero();
    assertThat(TimeLeft.until(Instant.MIN)).isZero();
  }

  @Test
  void any_other_is_as_far_away_as_it_is() {
    assertThat(TimeLeft.until(Instant.now().plus(Duration.ofHours(2))))
        .isBetween(Duration.ofHours(1), Duration.ofHours(2));
  }
}
