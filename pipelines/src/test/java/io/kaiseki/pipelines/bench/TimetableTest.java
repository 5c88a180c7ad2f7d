package io.kaiseki.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimetableTest {

  private final Timetable timetable = new Timetable(List.of("a", "b", "a", "b"));

  @Test
  void nothing_is_guessed_before_anything_is_known() {
    assertThat(timetable.left()).isEmpty();
  }

  @Test
  void an_unknown_step_takes_the_mean_and_a_known_one_as_long_as_last_time() {
    timetable.took("a", Duration.ofSeconds(10));
    assertThat(timetable.left()).contains(Duration.ofSeconds(30));

    timetable.took("b", Duration.ofSeconds(2));
    assertThat(timetable.left()).contains(Duration.ofSeconds(12));
  }

  @Test
  void a_step_that_will_not_come_takes_no_time() {
    timetable.took("a", Duration.ofSeconds(10));
    timetable.dropped("b");

    assertThat(timetable.left()).contains(Duration.ofSeconds(10));
  }
}
