package io.kaiseki.inference.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.telemetry.TraceContext;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class CascadeEngineTest {

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"b\",\"type\":\"boolean\"}]}");
  private static final CompletionRequest REQUEST =
      new CompletionRequest(
          "d",
          new Analysis("a", "1", "Say.", Contract.of(SCHEMA), ReasoningPolicy.OFF),
          "text",
          Instant.now().plusSeconds(60),
          Lane.LIVE);

  private final Waiting local = new Waiting("local");
  private final Waiting remote = new Waiting("remote");
  private final InferenceEngine cascade =
      CascadeEngine.source(() -> local, () -> remote, 0.8).acquire();

  @Test
  void a_sure_answer_stands_and_the_second_engine_is_not_asked() {
    CompletableFuture<Outcome> outcome = cascade.submit(REQUEST);
    local.answer(true, 0.8, 10);

    assertThat(completion(outcome).escalation()).isNull();
    assertThat(completion(outcome).usages()).containsExactly(completion(outcome).usage());
    assertThat(remote.calls).isEmpty();
  }

  @Test
  void an_unsure_answer_gives_way_and_both_engines_costs_are_told() {
    CompletableFuture<Outcome> outcome = cascade.submit(REQUEST);
    local.answer(true, 0.79, 10);
    assertThat(outcome).isNotDone();
    remote.answer(false, 0.9, 33);

    Completion completion = completion(outcome);
    assertThat(completion.answer().get("b")).isEqualTo(false);
    assertThat(completion.usage().answer()).isEqualTo(33);
    assertThat(completion.escalation())
        .satisfies(
            escalation -> {
              assertThat(escalation.answeredBy().model()).isEqualTo("remote");
              assertThat(escalation.usage().answer()).isEqualTo(10);
              assertThat(escalation.leastConfidence()).isEqualTo(0.79);
            });
    assertThat(completion.usages()).extracting(TokenUsage::answer).containsExactly(10, 33);
  }

  @Test
  void an_unsure_answer_is_better_than_none() {
    CompletableFuture<Outcome> outcome = cascade.submit(REQUEST);
    local.answer(true, 0.5, 10);
    remote.calls.get(0).complete(new Outcome.Failed(FailureReason.DEADLINE, "late"));

    assertThat(completion(outcome).answer().get("b")).isEqualTo(true);
    assertThat(completion(outcome).escalation()).isNull();
  }

  @Test
  void an_unsure_answer_stands_where_the_second_engine_takes_no_document() {
    remote.refuses = Optional.of(new EngineUnavailableException("no key"));

    CompletableFuture<Outcome> outcome = cascade.submit(REQUEST);
    local.answer(true, 0.5, 10);

    assertThat(outcome).isCompleted();
    assertThat(completion(outcome).answer().get("b")).isEqualTo(true);
    assertThat(completion(outcome).escalation()).isNull();
  }

  @Test
  void an_unsure_answer_stands_where_the_second_engine_gives_the_document_up() {
    CompletableFuture<Outcome> outcome = cascade.submit(REQUEST);
    local.answer(true, 0.5, 10);
    remote.calls.get(0).completeExceptionally(new EngineUnavailableException("no balance"));

    assertThat(outcome).isCompleted();
    assertThat(completion(outcome).answer().get("b")).isEqualTo(true);
    assertThat(completion(outcome).escalation()).isNull();
  }

  @Test
  void the_second_engine_is_asked_in_the_trace_of_the_request() {
    TraceContext caller =
        new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "");
    caller.toContext().wrapSupplier(() -> cascade.submit(REQUEST)).get();
    local.answer(true, 0.5, 10);

    assertThat(remote.traces).containsExactly(caller);
  }

  @Test
  void a_failure_of_the_first_engine_is_the_outcome() {
    CompletableFuture<Outcome> outcome = cascade.submit(REQUEST);
    local.calls.get(0).complete(new Outcome.Failed(FailureReason.TOO_LONG, "long"));

    assertThat(outcome.join()).isEqualTo(new Outcome.Failed(FailureReason.TOO_LONG, "long"));
    assertThat(remote.calls).isEmpty();
  }

  @Test
  void a_cancellation_reaches_whichever_engine_is_at_work() {
    CompletableFuture<Outcome> early = cascade.submit(REQUEST);
    early.cancel(false);
    assertThat(local.calls.get(0)).isCancelled();

    CompletableFuture<Outcome> later = cascade.submit(REQUEST);
    local.answer(true, 0.5, 10);
    later.cancel(false);
    assertThat(remote.calls.get(0)).isCancelled();
  }

  @Test
  void a_second_engine_that_cannot_start_lets_the_first_go() {
    assertThatThrownBy(
            () ->
                CascadeEngine.source(
                        () -> local,
                        () -> {
                          throw new EngineUnavailableException("no key");
                        },
                        0.8)
                    .acquire())
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("cascade: no key");
    assertThat(local.closed).isTrue();
  }

  @Test
  void what_either_engine_cannot_run_the_cascade_cannot() {
    assertThat(cascade.unsupported(REQUEST.analysis())).isEmpty();

    remote.unsupported = Optional.of("too long");
    assertThat(cascade.unsupported(REQUEST.analysis())).contains("cascade: too long");

    local.unsupported = Optional.of("no room");
    assertThat(cascade.unsupported(REQUEST.analysis())).contains("no room");
  }

  @Test
  void it_has_ended_once_either_engine_has() {
    assertThat(cascade.ended()).isFalse();

    remote.ended = true;

    assertThat(cascade.ended()).isTrue();
  }

  @Test
  void closing_lets_both_go() {
    cascade.close();

    assertThat(local.closed).isTrue();
    assertThat(remote.closed).isTrue();
  }

  private static Completion completion(CompletableFuture<Outcome> outcome) {
    return ((Outcome.Answered) outcome.join()).completion();
  }

  /** An engine whose requests wait to be answered by the test. */
  private static final class Waiting implements InferenceEngine {
    private final String name;
    private final List<CompletableFuture<Outcome>> calls = new ArrayList<>();
    private final List<TraceContext> traces = new ArrayList<>();
    private Optional<RuntimeException> refuses = Optional.empty();
    private Optional<String> unsupported = Optional.empty();
    private boolean ended;
    private boolean closed;

    Waiting(String name) {
      this.name = name;
    }

    void answer(boolean value, double probability, int tokens) {
      GenericRecord answer = new GenericData.Record(SCHEMA);
      answer.put("b", value);
      calls
          .get(calls.size() - 1)
          .complete(
              new Outcome.Answered(
                  new Completion(
                      answer,
                      List.of(
                          new FieldConfidence("b", String.valueOf(value), probability, Map.of())),
                      null,
                      new TokenUsage(5, true, 7, 0, tokens, 0),
                      FinishReason.COMPLETE,
                      new Timings(Duration.ZERO, Duration.ZERO, Duration.ofMillis(4)))));
    }

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      if (refuses.isPresent()) {
        throw refuses.get();
      }
      CompletableFuture<Outcome> call = new CompletableFuture<>();
      traces.add(TraceContext.of(Context.current()));
      calls.add(call);
      return call;
    }

    @Override
    public Optional<String> unsupported(Analysis analysis) {
      return unsupported;
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public EngineDescription description() {
      return new EngineDescription("waiting", "", name, "", 1, 0);
    }

    @Override
    public EngineStatistics statistics() {
      return EngineStatistics.NONE;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
