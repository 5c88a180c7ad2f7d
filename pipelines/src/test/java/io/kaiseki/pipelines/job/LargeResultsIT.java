package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.schemas.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A broker that does not take a result fails no job: its document still ends in one place. */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class LargeResultsIT {

  /** More than a result of the small analysis has without its reasoning. */
  private static final int TOPIC_BYTES = 1_500;

  @TempDir Path checkpoints;

  @Test
  void a_result_that_its_topic_refuses_loses_its_reasoning_and_else_becomes_a_dead_letter()
      throws Exception {
    try (JobFixture job =
        new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints)) {
      job.limitResults(TOPIC_BYTES);
      // Of these characters each takes three bytes, and hardly less when compressed.
      String longId = noise(1_000, 0x4E00, 0x9FFF);
      job.send("short", job.encode("short", "title", "body"));
      job.send(longId, job.encode(longId, "title", "body"));

      try (JobRun run =
          job.start(ScriptedEngine.thinking(Duration.ZERO, noise(64_000, 'a', 'z')))) {
        job.awaitOutcomes(2, run);
      }

      assertThat(job.outcomes).hasSize(2);
      assertThat(job.outcomes)
          .filteredOn(Received.Answered.class::isInstance)
          .singleElement()
          .satisfies(
              outcome -> {
                Received.Answered answered = (Received.Answered) outcome;
                assertThat(answered.result().documentId()).isEqualTo("short");
                assertThat(answered.result().reasoning()).isNull();
              });
      assertThat(job.outcomes)
          .filteredOn(Received.Dead.class::isInstance)
          .singleElement()
          .satisfies(
              outcome -> {
                Received.Dead dead = (Received.Dead) outcome;
                assertThat(dead.letter().getDocumentId()).isEqualTo(longId);
                assertThat(dead.letter().getReason()).isEqualTo(DeadLetterReason.TOO_LONG);
                assertThat(dead.letter().getMessage())
                    .contains("max.message.bytes of topic " + job.definition.topics().results())
                    .contains("is " + TOPIC_BYTES);
                assertThat(dead.record().key()).isEqualTo(longId.getBytes(StandardCharsets.UTF_8));
              });
    }
  }

  private static String noise(int characters, int from, int to) {
    return new Random(7)
        .ints(characters, from, to + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
