package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A request that nobody waits for any more, in the midst of long thought, has its slot and its
 * cells no longer than to the next step.
 */
class GivenUpRequestsIT {

  private static final Schema CLOSED =
      Requests.schema(
          """
          {"type": "record", "name": "Closed", "fields": [{"name": "open", "type": "boolean"}]}
          """);

  private static final Analysis PENSIVE =
      Requests.analysis("pensive", CLOSED, new ReasoningPolicy.Always(1_000));

  private final BareScheduler bare = new BareScheduler(1);

  @AfterEach
  void close() {
    bare.close();
  }

  @Test
  void a_cancelled_request_is_out_of_its_slot_and_its_cells_with_the_next_step() {
    CompletableFuture<Outcome> future =
        bare.enqueue(PENSIVE, "cancelled", Lane.BACKFILL, Long.MAX_VALUE);
    stepIntoItsThoughts();

    future.cancel(true);
    bare.step();

    assertThatNothingIsLeftButTheInstructions();
  }

  @Test
  void a_request_past_its_deadline_is_out_of_its_slot_and_its_cells_with_the_next_step() {
    // More than the steps until then take, by far.
    long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    CompletableFuture<Outcome> future = bare.enqueue(PENSIVE, "late", Lane.BACKFILL, deadline);
    stepIntoItsThoughts();

    await().until(() -> System.nanoTime() - deadline >= 0);
    bare.step();

    assertThat(future.join())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(FailureReason.DEADLINE));
    assertThatNothingIsLeftButTheInstructions();
  }

  private void stepIntoItsThoughts() {
    do {
      bare.step();
    } while (bare.statistics().prefixDecodes() == 0);
    for (int i = 0; i < 3; i++) {
      bare.step();
    }
    assertThat(bare.scheduler().slotsBusy()).isEqualTo(1);
    assertThat((long) bare.context().usedCells()).isGreaterThan(bare.statistics().prefixTokens());
  }

  private void assertThatNothingIsLeftButTheInstructions() {
    assertThat(bare.scheduler().slotsBusy()).isZero();
    assertThat((long) bare.context().usedCells()).isEqualTo(bare.statistics().prefixTokens());
    CompletableFuture<Outcome> next =
        bare.enqueue(
            Requests.analysis("brief", CLOSED, ReasoningPolicy.OFF),
            "next",
            Lane.BACKFILL,
            Long.MAX_VALUE);
    bare.finish();
    assertThat(next.join()).isInstanceOf(Outcome.Answered.class);
  }
}
