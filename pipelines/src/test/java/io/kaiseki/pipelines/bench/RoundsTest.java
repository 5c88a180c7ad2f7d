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
    assertThatThrownBy(() -> run(round -> failIn(1, round, new CancellationException("stopped"))))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void a_stop_keeps_the_rounds_before_it() {
    assertThat(run(round -> failIn(3, round, new CancellationException("stopped"))))
        .isEqualTo(Ending.STOPPED);
    assertThat(whole).containsExactly(1, 2);
    assertThat(listener.failures).isEmpty();
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

  private static void failIn(int round, int now, RuntimeException failure) {
    if (now == round) {
      throw failure;
    }
  }
}
