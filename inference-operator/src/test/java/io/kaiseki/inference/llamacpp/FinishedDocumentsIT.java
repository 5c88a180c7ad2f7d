package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Documents are somebody's, and large: an engine that is idle has none of them any more. */
class FinishedDocumentsIT {

  private static final int SLOTS = 3;

  /** Two of its labels are weighed by probes. */
  private static final Schema WEIGHED =
      Requests.schema(
          """
          {"type": "record", "name": "Late", "fields": [{"name": "label", "type":
            {"type": "enum", "name": "Label", "symbols": [
              "a0123456789_1", "a0123456789_2", "b0123456789_1", "b0123456789_2"]}}]}
          """);

  @Test
  void a_document_is_let_go_of_with_its_outcome_and_not_with_the_next_document() {
    Analysis analysis = Requests.analysis("weighed", WEIGHED, ReasoningPolicy.OFF);
    try (BareScheduler bare = new BareScheduler(SLOTS)) {
      List<WeakReference<PendingRequest>> requests = new ArrayList<>();
      for (int i = 0; i < SLOTS; i++) {
        requests.add(enqueued(bare, analysis, "d" + i));
      }

      bare.finish();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                System.gc();
                return requests.stream().allMatch(request -> request.get() == null);
              });
      assertThat(bare.statistics().answered()).isEqualTo(SLOTS);
    }
  }

  /** In a method of its own, whose variables are gone when it returns. */
  private static WeakReference<PendingRequest> enqueued(
      BareScheduler bare, Analysis analysis, String id) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    PendingRequest request = bare.prepared(analysis, id, Lane.LIVE, future);
    bare.scheduler().enqueue(request);
    return new WeakReference<>(request);
  }
}
