package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.kaiseki.inference.contract.QuoteSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Documents that wait for an answer, and answers as a model would give them. */
final class SharedDocuments {

  static final Schema SCHEMA =
      Requests.schema(
          """
          {"type": "record", "name": "Shared", "fields": [{"name": "note", "type": "string"}]}
          """);

  static final Analysis PLAIN = Requests.analysis("plain", SCHEMA, ReasoningPolicy.OFF);
  static final TokenUsage USAGE = new TokenUsage(100, true, 50, 0, 20, 5);
  static final Runnable NOTHING = () -> {};

  private SharedDocuments() {}

  static Completion completed(String note) {
    return completed(note, SCHEMA);
  }

  static Completion completed(String note, Schema schema) {
    GenericRecord record = new GenericData.Record(schema);
    record.put("note", note);
    return completed(record);
  }

  static Completion completed(GenericRecord record) {
    return new Completion(
        record,
        List.of(new FieldConfidence("kind", "a", 0.75, Map.of("a", 0.75, "b", 0.25))),
        null,
        USAGE,
        FinishReason.COMPLETE,
        new Timings(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)));
  }

  static Waiter waiter(Analysis analysis, String text) {
    return waiter(analysis, text, Lane.LIVE, Duration.ofMinutes(5));
  }

  static Waiter waiter(Analysis analysis, String text, Lane lane, Duration patience) {
    long now = System.nanoTime();
    CompletionRequest request =
        new CompletionRequest("id", analysis, text, Instant.now().plus(patience), lane);
    return new Waiter(request, now, now + patience.toNanos(), new CompletableFuture<>());
  }

  /** A request without a plan: its place in the queue does not depend on it. */
  static PendingRequest pending(Flight flight) {
    return new PendingRequest(
        flight, flight.mostUrgent(), null, new int[0], new QuoteSource(""), 0);
  }

  static Completion completion(Waiter waiter) {
    assertThat(waiter.future()).isCompleted();
    return ((Outcome.Answered) waiter.future().join()).completion();
  }
}
