package io.kaiseki.inference.flink;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.contract.Contract;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.jspecify.annotations.Nullable;

/** An analysis of tickets and answers to it. */
final class Completions {

  static final Schema SCHEMA =
      SchemaBuilder.record("Triage")
          .namespace("test")
          .fields()
          .name("category")
          .type()
          .enumeration("Category")
          .symbols("BILLING", "OUTAGE")
          .noDefault()
          .requiredString("summary")
          .optionalString("product")
          .name("tags")
          .type()
          .array()
          .items()
          .stringType()
          .noDefault()
          .endRecord();

  static final Analysis ANALYSIS =
      new Analysis(
          "ticket-triage", "v1", "Sort tickets.", Contract.of(SCHEMA), ReasoningPolicy.OFF);

  private Completions() {}

  static CompletionRequest request(String document) {
    return new CompletionRequest(
        "id", ANALYSIS, document, Instant.EPOCH.plus(Duration.ofMinutes(2)), Lane.LIVE);
  }

  static GenericRecord answer(String summary) {
    return new GenericRecordBuilder(SCHEMA)
        .set("category", new GenericData.EnumSymbol(SCHEMA.getField("category").schema(), "OUTAGE"))
        .set("summary", summary)
        .set("product", null)
        .set("tags", List.of("eins", "二"))
        .build();
  }

  static Completion completion(GenericRecord answer, @Nullable String reasoning) {
    Map<String, Double> distribution = new LinkedHashMap<>();
    distribution.put("BILLING", 0.125);
    distribution.put("OUTAGE", 0.875);
    return new Completion(
        answer,
        List.of(new FieldConfidence("category", "OUTAGE", 0.875, distribution)),
        reasoning,
        new TokenUsage(446, true, 155, 30, 76, 21),
        FinishReason.REASONING_BUDGET,
        new Timings(Duration.ofMillis(5), Duration.ofMillis(40), Duration.ofNanos(1_234_567_891)));
  }

  static Outcome.Answered answered(String summary) {
    return new Outcome.Answered(completion(answer(summary), null));
  }
}
