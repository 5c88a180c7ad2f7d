package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InferenceCallsTest {

  private static final TaskInfo TASK = new TaskInfoImpl("predict", 1, 0, 1, 0);

  @Test
  void a_document_is_answered() throws Exception {
    try (ScriptedEngine engine = ScriptedEngine.running((call, index) -> call.answer());
        InferenceCalls<String> calls = open(inference(engine))) {
      Inferred<String, Outcome> inferred = calls.analyse("no light").get();

      assertThat(inferred.input()).isEqualTo("no light");
      assertThat(inferred.outcome()).isInstanceOf(Outcome.Answered.class);
      assertThat(inferred.attempts()).isEqualTo(1);
    }
  }

  @Test
  void a_fault_that_may_pass_is_tried_again() throws Exception {
    try (ScriptedEngine engine =
            ScriptedEngine.running(
                (call, index) -> {
                  if (index == 0) {
                    call.fail(FailureReason.ENGINE_FAULT);
                  } else {
                    call.answer();
                  }
                });
        InferenceCalls<String> calls = open(inference(engine))) {
      assertThat(calls.analyse("no light").get().attempts()).isEqualTo(2);
    }
  }

  @Test
  void a_document_that_the_engine_forgets_ends_as_late_without_a_timer_of_flink() throws Exception {
    try (ScriptedEngine engine = ScriptedEngine.holding();
        InferenceCalls<String> calls =
            open(inference(engine).deadline(Duration.ofMillis(20)).grace(Duration.ofMillis(20)))) {
      Outcome outcome = calls.analyse("no light").get().outcome();

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.reason()).isEqualTo(FailureReason.DEADLINE));
      await().until(() -> engine.open().isEmpty());
    }
  }

  @Test
  void a_text_that_is_null_ends_without_the_engine() throws Exception {
    try (ScriptedEngine engine = ScriptedEngine.holding();
        InferenceCalls<String> calls = open(inference(engine).text(document -> null))) {
      assertThat(calls.analyse("no light").get().outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.reason()).isEqualTo(FailureReason.UNDECODABLE));
      assertThat(engine.calls()).isEmpty();
    }
  }

  @Test
  void cancelling_a_call_gives_its_slot_back() throws Exception {
    try (ScriptedEngine engine = ScriptedEngine.holding();
        InferenceCalls<String> calls = open(inference(engine))) {
      CompletableFuture<Inferred<String, Outcome>> call = calls.analyse("no light");
      assertThat(engine.open()).hasSize(1);

      call.cancel(false);

      assertThat(engine.open()).isEmpty();
    }
  }

  @Test
  void an_engine_that_closes_under_a_call_fails_it_so_that_a_recovery_asks_again()
      throws Exception {
    try (ScriptedEngine engine =
            ScriptedEngine.running((call, index) -> call.fail(FailureReason.CANCELLED));
        InferenceCalls<String> calls = open(inference(engine))) {
      assertThatThrownBy(() -> calls.analyse("no light").get())
          .hasMessageContaining("document no light has no outcome");
    }
  }

  @Test
  void an_engine_that_can_run_nothing_any_more_fails_the_call_for_good() throws Exception {
    try (ScriptedEngine engine =
            ScriptedEngine.running(
                (call, index) ->
                    call.future()
                        .completeExceptionally(new EngineUnavailableException("no balance")));
        InferenceCalls<String> calls = open(inference(engine))) {
      assertThatThrownBy(() -> calls.analyse("no light").get())
          .hasRootCauseInstanceOf(EngineUnavailableException.class)
          .hasStackTraceContaining("InferenceUnavailableException")
          .hasStackTraceContaining("no balance");
      assertThat(engine.calls()).hasSize(1);
    }
  }

  @Test
  void closing_lets_the_engine_go() throws Exception {
    try (ScriptedEngine engine = ScriptedEngine.holding()) {
      InferenceCalls<String> calls = open(inference(engine));
      calls.analyse("no light");
      assertThat(engine.holds()).isEqualTo(1);

      calls.close();

      assertThat(engine.holds()).isZero();
      assertThat(engine.open()).isEmpty();
    }
  }

  @Test
  void an_engine_that_cant_start_is_named_with_the_task() {
    var inference =
        AsyncInference.<String>builder()
            .analysis(Completions.ANALYSIS)
            .engine(
                () -> {
                  throw new EngineUnavailableException("no file /nowhere");
                })
            .documentId(document -> document)
            .text(document -> document);

    assertThatThrownBy(() -> open(inference))
        .isInstanceOf(InferenceUnavailableException.class)
        .hasMessageContainingAll("predict", "no file /nowhere");
  }

  private static AsyncInference.Builder<String> inference(ScriptedEngine engine) {
    return AsyncInference.<String>builder()
        .analysis(Completions.ANALYSIS)
        .engine(engine.source())
        .documentId(document -> document)
        .text(document -> document)
        .retries(2, Duration.ofMillis(1));
  }

  private static InferenceCalls<String> open(AsyncInference.Builder<String> inference) {
    return inference.build().open(new UnregisteredMetricsGroup(), TASK);
  }
}
