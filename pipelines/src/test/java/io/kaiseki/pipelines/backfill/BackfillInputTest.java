package io.kaiseki.pipelines.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

/** What a result adds to the tokens of a report. */
class BackfillInputTest {

  private static final Completion ANSWERED =
      new Completion(
          new GenericData.Record(SchemaBuilder.record("R").fields().endRecord()),
          List.of(),
          null,
          new TokenUsage(400, false, 90, 60, 30, 7),
          FinishReason.COMPLETE,
          new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO));

  @Test
  void a_document_counts_with_the_tokens_that_its_model_took() {
    assertThat(tokens(ANSWERED))
        .containsEntry(Count.TOKENS_READ, 400L + 90)
        .containsEntry(Count.TOKENS_REUSED, 0L)
        .containsEntry(Count.TOKENS_REASONED, 60L)
        .containsEntry(Count.TOKENS_ANSWERED, 30L);
  }

  @Test
  void an_escalated_document_counts_with_the_tokens_that_both_models_took() {
    Escalation escalation =
        new Escalation(
            new EngineDescription("openai", "", "large", "", 1, 0),
            new TokenUsage(300, true, 80, 20, 25, 6),
            Duration.ZERO,
            0.5);

    assertThat(tokens(ANSWERED.withEscalation(escalation)))
        .containsEntry(Count.TOKENS_READ, 80L + 400 + 90)
        .containsEntry(Count.TOKENS_REUSED, 300L)
        .containsEntry(Count.TOKENS_REASONED, 20L + 60)
        .containsEntry(Count.TOKENS_ANSWERED, 25L + 30);
  }

  private static Map<Count, Long> tokens(Completion completion) {
    Map<Count, Long> counts = new EnumMap<>(Count.class);
    BackfillInput.tokens(completion, (count, number) -> counts.merge(count, number, Long::sum));
    return counts;
  }
}
