package io.kaiseki.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

  @Test
  void fixed_arrivals_come_evenly_at_the_rate() {
    assertThat(Arrivals.FIXED.times(3, 4, 1))
        .containsExactly(Duration.ZERO, Duration.ofMillis(250), Duration.ofMillis(500));
  }

  @Test
  void random_arrivals_have_the_rate_in_the_mean_and_the_spread_of_a_poisson_process() {
    List<Duration> times = Arrivals.POISSON.times(20_001, 5, 7);

    double mean = times.get(20_000).toNanos() / 1e9 / 20_000;
    double variance = 0;
    for (int i = 1; i < times.size(); i++) {
      double gap = times.get(i).minus(times.get(i - 1)).toNanos() / 1e9;
      variance += (gap - mean) * (gap - mean) / 20_000;
    }
    assertThat(mean).isCloseTo(0.2, within(0.01));
    assertThat(Math.sqrt(variance)).as("as large as the mean").isCloseTo(0.2, within(0.01));
  }

  @Test
  void the_same_seed_gives_the_same_arrivals_and_another_one_others() {
    assertThat(Arrivals.POISSON.times(9, 5, 7)).isEqualTo(Arrivals.POISSON.times(9, 5, 7));
    assertThat(Arrivals.POISSON.times(9, 5, 7)).isNotEqualTo(Arrivals.POISSON.times(9, 5, 8));
  }
}
