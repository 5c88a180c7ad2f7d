package io.kaiseki.pipelines.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.pipelines.backfill.done.FingerprintSet;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.ServicesExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Documents of a backfill wait behind those that come live, by the lane that they carry. */
@ExtendWith(ServicesExtension.class)
class BackfillLaneIT {

  /** By document; the engine's source travels into the tasks, so this can't be a field of it. */
  private static final Map<String, Lane> LANES = new ConcurrentHashMap<>();

  @TempDir Path directory;

  @Test
  void documents_of_a_backfill_reach_the_engine_in_its_lane_and_those_of_the_job_in_the_live_one()
      throws Exception {
    try (JobFixture fixture =
            new JobFixture(
                ServicesExtension.kafka(),
                ServicesExtension.registry(),
                directory.resolve("checkpoints"));
        RunScope scope = RunScope.open(new FingerprintSet())) {
      RecordMetadata old = fixture.send("old", fixture.encode("old", "Refund", "Charged twice."));
      AnalysisJob live = fixture.job(fixture.settings, new NotingLanes());
      AnalysisJob backfill =
          new AnalysisJob(
              live.definition(),
              live.settings(),
              live.engine(),
              live.schemas(),
              new TopicInput(
                  scope.token(),
                  live.settings(),
                  old.topic(),
                  List.of(new TopicRange(old.partition(), old.offset(), old.offset() + 1))));

      try (JobRun run = JobRun.start(backfill, new JobRun.Restore.Nothing())) {
        run.result().get(3, TimeUnit.MINUTES);
      }
      assertThat(LANES).containsExactly(Map.entry("old", Lane.BACKFILL));

      LANES.clear();
      try (JobRun run = JobRun.start(live, new JobRun.Restore.Nothing())) {
        fixture.await(() -> LANES.containsKey("old"), run);
      }
      assertThat(LANES).containsExactly(Map.entry("old", Lane.LIVE));
    }
  }

  /** Answers nothing, and notes the lane of each document. */
  private static final class NotingLanes implements EngineSource {
    private static final long serialVersionUID = 1L;

    @Override
    public InferenceEngine acquire() {
      return new InferenceEngine() {
        @Override
        public CompletableFuture<Outcome> submit(CompletionRequest request) {
          LANES.put(request.id(), request.lane());
          return CompletableFuture.completedFuture(
              new Outcome.Failed(FailureReason.REFUSED, "the test says no"));
        }

        @Override
        public EngineDescription description() {
          return new EngineDescription("noting", "", "noting", "", 1, 1_000);
        }

        @Override
        public EngineStatistics statistics() {
          return EngineStatistics.NONE;
        }

        @Override
        public void close() {
          // It holds nothing.
        }
      };
    }
  }
}
