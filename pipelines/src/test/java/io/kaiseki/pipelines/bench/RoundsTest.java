package io.kaiseki.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.pipelines.bench.arm.ArmFailedException;
import io.kaiseki.pipelines.bench.report.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class RoundsTest {

  private final RecordedListener listener = new RecordedListener();
  private final List<Integer> whole = new ArrayList<>();
  private boolean stopRequested;

  @Test
  void every_round_is_run_once() {
    assertThat(run(round -> {})).isEqualTo(Ending.WHOLE);
    assertThat(whole).containsExactly(1, 2, 3);
  }

  @Test
  void a_round_that_fails_ends_it_and_those_before_it_count() {
    Ending ending = run(round -> failIn(2, round, new ArmFailedException("a document was lost")));

    assertThat(ending).isEqualTo(Ending.failed("round 2: a document was lost"));
    assertThat(whole).containsExactly(1);
    assertThat(listener.failures).containsExactly("a document was lost");
  }

  @Test
  void a_first_round_that_fails_leaves_nothing_to_report() {
    assertThatThrownBy(
            () -> run(round -> failIn(1, round, new EngineUnavailableException("no such file"))))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessage("no such file");
  }

  @Test
  void a_stop_keeps_the_rounds_before_it() {
    assertThat(run(round -> stopIn(3, round))).isEqualTo(Ending.STOPPED);
    assertThat(whole).containsExactly(1, 2);
    assertThat(listener.failures).isEmpty();
  }

  @Test
  void a_stop_in_the_first_round_leaves_nothing_to_report() {
    assertThatThrownBy(() -> run(round -> stopIn(1, round)))
        .isInstanceOf(CancellationException.class)
        .hasMessage("stopped");
  }

  @Test
  void what_is_cancelled_without_a_stop_has_failed() {
    Ending ending = run(round -> failIn(2, round, new CancellationException("cancelled")));

    assertThat(ending).isEqualTo(Ending.failed("round 2: cancelled"));
    assertThat(listener.failures).containsExactly("cancelled");
  }

  @Test
  void what_fails_because_a_stop_has_ended_its_process_is_no_failure() {
    Ending ending =
        run(
            round -> {
              stopRequested = round == 2;
              failIn(2, round, new ArmFailedException("the registry has gone"));
            });

    assertThat(ending).isEqualTo(Ending.STOPPED);
    assertThat(listener.failures).isEmpty();
  }

  private Ending run(IntConsumer each) {
    return new Rounds(listener, () -> stopRequested)
        .run(
            3,
            round -> {
              each.accept(round);
              whole.add(round);
            },
            () -> !whole.isEmpty());
  }

  private void stopIn(int round, int now) {
    stopRequested = now == round;
    failIn(round, now, new CancellationException("stopped"));
  }

  private static void failIn(int round, int now, RuntimeException failure) {
    if (now == round) {
      throw failure;
    }
  }
}
