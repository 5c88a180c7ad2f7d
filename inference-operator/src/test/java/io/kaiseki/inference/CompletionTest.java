package io.kaiseki.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class CompletionTest {

  private static final GenericRecord ANSWER =
      new GenericData.Record(SchemaBuilder.record("Empty").fields().endRecord());
  private static final List<FieldConfidence> CONFIDENCES =
      List.of(new FieldConfidence("kind", "a", 0.75, Map.of()));
  private static final TokenUsage USAGE = new TokenUsage(5, true, 7, 0, 9, 0);
  private static final DocumentReading READING = new DocumentReading(3, false, Map.of());
  private static final EngineDescription SECOND =
      new EngineDescription("openai", "", "large", "", 2, 0);
  private static final Timings TIMINGS =
      new Timings(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3));

  @Test
  void other_times_change_nothing_else() {
    Completion completion = completion(TIMINGS);

    Timings later = TIMINGS.submittedEarlier(Duration.ofMillis(4));

    assertThat(completion.withTimings(later)).isEqualTo(completion(later));
    assertThat(completion.withTimings(TIMINGS)).isEqualTo(completion);
  }

  private static Completion completion(Timings timings) {
    return new Completion(
        ANSWER,
        CONFIDENCES,
        "thoughts",
        USAGE,
        FinishReason.REASONING_BUDGET,
        timings,
        true,
        READING,
        new Escalation(SECOND, USAGE, Duration.ofMillis(5), 0.5));
  }
}
