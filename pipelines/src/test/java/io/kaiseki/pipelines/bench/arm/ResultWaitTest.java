package io.kaiseki.pipelines.bench.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ResultWaitTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Each look at the clock is 25 seconds after the one before. */
  private final AtomicLong clock = new AtomicLong();

  private final ResultWait results =
      new ResultWait(PATIENCE, () -> clock.addAndGet(Duration.ofSeconds(25).toNanos()));

  private final PassProgress progress = new PassProgress(() -> false, done -> {});

  @Test
  void a_document_that_never_has_a_result_ends_the_wait() {
    assertThatThrownBy(() -> results.until(5, () -> 3, new Running(), progress))
        .isInstanceOf(ArmFailedException.class)
        .hasMessageStartingWith("no result came for 60 s, with 3 of 5 there");
    assertThat(progress.done()).isEqualTo(3);
  }

  @Test
  void results_that_come_slowly_are_waited_for_however_long_they_take() {
    AtomicInteger looks = new AtomicInteger();

    results.until(8, () -> looks.incrementAndGet() / 2, new Running(), progress);

    assertThat(clock).hasValueGreaterThan(3 * PATIENCE.toNanos());
  }

  @Test
  void a_relay_that_has_ended_and_a_stop_end_it_at_once() {
    PassProgress stopped = new PassProgress(() -> true, done -> {});
    Relay ended =
        new Running() {
          @Override
          public void check() {
            throw new ArmFailedException("the relay has ended");
          }
        };

    assertThatThrownBy(() -> results.until(1, () -> 0, ended, progress))
        .isInstanceOf(ArmFailedException.class)
        .hasMessage("the relay has ended");
    assertThatThrownBy(() -> results.until(1, () -> 0, new Running(), stopped))
        .isInstanceOf(CancellationException.class);
  }

  private static class Running implements Relay {

    @Override
    public void check() {
      // It runs.
    }

    @Override
    public void close() {
      // There is nothing to end.
    }
  }
}
