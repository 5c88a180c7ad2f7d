package io.kaiseki.pipelines.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.backfill.done.FingerprintSet;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.ScriptedEngine;
import io.kaiseki.pipelines.job.ServicesExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A document whose result is too large to be written counts once, as what it became. */
@ExtendWith(ServicesExtension.class)
class UnwrittenResultsIT {

  @TempDir Path directory;

  @Test
  void a_result_that_is_too_large_counts_as_a_dead_letter_and_as_no_result() throws Exception {
    try (JobFixture fixture =
            new JobFixture(
                ServicesExtension.kafka(),
                ServicesExtension.registry(),
                directory.resolve("checkpoints"));
        RunScope scope = RunScope.open(new FingerprintSet())) {
      fixture.limitResults(100);
      RecordMetadata sent = fixture.send("d", fixture.encode("d", "Refund", "Charged twice."));
      AnalysisJob live =
          fixture.job(fixture.settings, ScriptedEngine.answeringAfter(Duration.ZERO));
      TopicInput input =
          new TopicInput(
              scope.token(),
              live.settings(),
              sent.topic(),
              List.of(new TopicRange(sent.partition(), sent.offset(), sent.offset() + 1)));
      AnalysisJob backfill =
          new AnalysisJob(live.definition(), live.settings(), live.engine(), live.schemas(), input);

      try (JobRun run = JobRun.start(backfill, new JobRun.Restore.Nothing())) {
        run.result().get(3, TimeUnit.MINUTES);
      }

      Counts counts = scope.counts();
      assertThat(counts.of(Count.DOCUMENTS)).isEqualTo(1);
      assertThat(counts.of(Count.DEAD_LETTERS)).isEqualTo(1);
      assertThat(counts.of(Count.RESULTS)).isZero();
      assertThat(counts.isSettled()).isTrue();
    }
  }
}
