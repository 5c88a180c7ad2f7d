package io.kaiseki.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.pipelines.bench.arm.ArmFailedException;
import io.kaiseki.pipelines.bench.arm.PassProgress;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BackfillTest {

  private static final Workload WORKLOAD = Workload.named(Workload.MIXED, 4).orElseThrow();
  private static final PassProgress PROGRESS = new PassProgress(() -> false, done -> {});

  /** An engine of two slots has six documents before any is answered. */
  private static final int AT_ONCE = 6;

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoever_waited_for_an_engine_that_took_no_more_documents_waited_for_ever() {
    for (Throwable fault : List.of(new IllegalStateException("closed"), new OutOfMemoryError())) {
      try (Backfill backfill = new Backfill(takingNoMore(fault), WORKLOAD, "idle")) {
        assertThatThrownBy(() -> backfill.await(AT_ONCE + 1, PROGRESS))
            .isInstanceOf(ArmFailedException.class)
            .hasMessage("a document of the backfill failed: " + fault);
        assertThat(backfill.answered()).isEqualTo(AT_ONCE);
      }
    }
  }

  private static PlainEngine takingNoMore(Throwable fault) {
    return new PlainEngine(
        id -> {
          if (!id.equals("idle-" + (AT_ONCE + 1))) {
            return false;
          }
          if (fault instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) fault;
        });
  }
}
