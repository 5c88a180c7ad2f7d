package io.kaiseki.pipelines.job;

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
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Answers every document after a while with the plainest record of its schema. */
public final class ScriptedEngine implements InferenceEngine {

  /** An engine that takes this long for each document. */
  public static EngineSource answeringAfter(Duration delay) {
    return () -> new ScriptedEngine(delay, null);
  }

  /** An engine that says that it has thought this. */
  static EngineSource thinking(Duration delay, String reasoning) {
    return () -> new ScriptedEngine(delay, reasoning);
  }

  private final Duration delay;
  private final @Nullable String reasoning;

  private ScriptedEngine(Duration delay, @Nullable String reasoning) {
    this.delay = delay;
    this.reasoning = reasoning;
  }

  @Override
  public CompletableFuture<Outcome> submit(CompletionRequest request) {
    Completion completion =
        new Completion(
            plainest(request.analysis().contract().schema()),
            List.of(),
            reasoning,
            new TokenUsage(10, true, 5, 0, 5, 2),
            FinishReason.COMPLETE,
            new Timings(Duration.ZERO, delay, delay));
    return CompletableFuture.supplyAsync(
        () -> new Outcome.Answered(completion),
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public EngineDescription description() {
    return new EngineDescription("scripted", "", "none", "", 8, 1024);
  }

  @Override
  public EngineStatistics statistics() {
    return EngineStatistics.NONE;
  }

  @Override
  public void close() {}

  private static GenericRecord plainest(Schema schema) {
    GenericRecord record = new GenericData.Record(schema);
    schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema())));
    return record;
  }

  private static Object value(Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> plainest(schema);
      case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(0));
      case ARRAY -> List.of();
      case STRING -> "text";
      case BOOLEAN -> false;
      case INT -> 0;
      case LONG -> 0L;
      case DOUBLE -> 0d;
      case FLOAT -> 0f;
      case UNION -> null;
      default -> throw new IllegalArgumentException("no plainest value for " + schema);
    };
  }
}
