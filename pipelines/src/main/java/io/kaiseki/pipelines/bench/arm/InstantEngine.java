package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Answers every document at once, on the thread that asks, with the plainest record of its schema:
 * whatever a job takes on it is not the model's time.
 */
final class InstantEngine implements InferenceEngine {

  private static final EngineDescription DESCRIPTION =
      new EngineDescription("instant", "", "none", "", PipelineRelay.SLOTS, 0);
  private static final Timings NO_TIME = new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO);
  private static final int TEXT_CHARACTERS = 40;

  private InstantEngine() {}

  static EngineSource source() {
    return InstantEngine::new;
  }

  @Override
  public CompletableFuture<Outcome> submit(CompletionRequest request) {
    String text = request.document();
    Completion completion =
        new Completion(
            record(
                request.analysis().contract().schema(),
                text.substring(0, Math.min(TEXT_CHARACTERS, text.length()))),
            List.of(),
            null,
            TokenUsage.NONE,
            FinishReason.COMPLETE,
            NO_TIME);
    return CompletableFuture.completedFuture(new Outcome.Answered(completion));
  }

  @Override
  public EngineDescription description() {
    return DESCRIPTION;
  }

  @Override
  public EngineStatistics statistics() {
    return EngineStatistics.NONE;
  }

  @Override
  public void close() {
    // It holds nothing.
  }

  private static GenericRecord record(Schema schema, String text) {
    GenericRecord record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      Schema type = field.schema();
      record.put(
          field.pos(),
          switch (type.getType()) {
            case ENUM -> new GenericData.EnumSymbol(type, type.getEnumSymbols().get(0));
            case BOOLEAN -> false;
            case STRING -> text;
            default -> throw new IllegalArgumentException("no plain value for " + type);
          });
    }
    return record;
  }
}
