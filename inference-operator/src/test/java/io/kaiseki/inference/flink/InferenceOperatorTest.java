package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InferenceOperatorTest {

  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final Duration BACKSTOP = DEADLINE.plus(AsyncInference.DEADLINE_GRACE);

  private final ScriptedEngine engine = ScriptedEngine.holding();

  @AfterEach
  void endEngine() {
    engine.close();
  }

  @Test
  void a_document_is_put_to_the_engine_with_id_text_lane_and_deadline() throws Exception {
    var inference =
        AsyncInference.<String>builder()
            .analysis(Completions.ANALYSIS)
            .engine(engine.source())
            .documentId(document -> "id-" + document)
            .text(document -> "text of " + document)
            .lane(document -> Lane.BACKFILL)
            .build();
    try (var harness = InferenceHarness.open(inference, Types.STRING)) {
      harness.process("a");

      var request = engine.calls().get(0).request();
      assertThat(request.id()).isEqualTo("id-a");
      assertThat(request.document()).isEqualTo("text of a");
      assertThat(request.analysis()).isEqualTo(Completions.ANALYSIS);
      assertThat(request.lane()).isEqualTo(Lane.BACKFILL);
      assertThat(request.deadline()).isEqualTo(Instant.EPOCH.plus(DEADLINE));
    }
  }

  @Test
  void an_answer_comes_out_with_its_document_its_attempt_and_its_engine() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).answer();

      assertThat(harness.awaitOutput(1))
          .containsExactly(
              new Inferred<>("a", Completions.answered("a"), 1, ScriptedEngine.DESCRIPTION));
    }
  }

  @Test
  void what_the_analysis_masks_never_reaches_the_engine_and_the_result_counts_it()
      throws Exception {
    Analysis plain = Completions.ANALYSIS;
    Analysis masking =
        new Analysis(
            plain.name(),
            plain.version(),
            plain.instructions(),
            plain.contract(),
            plain.reasoning(),
            LongDocuments.SPLIT,
            new MaskingPolicy(List.of(MaskedValue.Known.EMAIL), "", false));
    try (var harness = InferenceHarness.open(inference().analysis(masking).build(), Types.STRING)) {
      harness.process("from anna@example.org");
      engine.calls().get(0).answer();

      Inferred<String, Outcome> inferred = harness.awaitOutput(1).get(0);
      assertThat(engine.calls().get(0).request().document()).endsWith("from [EMAIL-1]");
      assertThat(inferred.input()).as("the document itself").isEqualTo("from anna@example.org");
      assertThat(((Outcome.Answered) inferred.outcome()).completion().reading().masked())
          .isEqualTo(Map.of("email", 1));
    }
  }

  @Test
  void unordered_documents_come_out_as_they_end() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("slow");
      harness.process("fast");
      engine.calls().get(1).answer();

      assertThat(harness.awaitOutput(1)).extracting(Inferred::input).containsExactly("fast");
    }
  }

  @Test
  void ordered_documents_come_out_as_they_came_in() throws Exception {
    try (var harness = InferenceHarness.openOrdered(inference().ordered().build(), Types.STRING)) {
      harness.process("slow");
      harness.process("fast");
      engine.calls().get(1).answer();
      harness.runMails();
      assertThat(harness.output()).isEmpty();

      engine.calls().get(0).answer();

      assertThat(harness.awaitOutput(2))
          .extracting(Inferred::input)
          .containsExactly("slow", "fast");
    }
  }

  @Test
  void a_fault_of_the_engine_is_tried_again() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).fail(FailureReason.ENGINE_FAULT);
      awaitCalls(2);
      engine.calls().get(1).answer();

      assertThat(harness.awaitOutput(1)).extracting(Inferred::attempts).containsExactly(2);
      assertThat(engine.calls().get(1).request()).isEqualTo(engine.calls().get(0).request());
    }
  }

  @Test
  void after_the_last_attempt_the_fault_is_the_outcome() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).fail(FailureReason.ENGINE_FAULT);
      awaitCalls(2);
      engine.calls().get(1).fail(FailureReason.ENGINE_FAULT);

      assertFailed(harness.awaitOutput(1), FailureReason.ENGINE_FAULT, 2);
    }
  }

  @Test
  void a_failure_that_would_repeat_itself_is_not_tried_again() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).fail(FailureReason.TOO_LONG);

      assertFailed(harness.awaitOutput(1), FailureReason.TOO_LONG, 1);
      assertThat(engine.calls()).hasSize(1);
    }
  }

  @Test
  void no_attempt_starts_after_the_deadline() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      harness.advance(DEADLINE);
      engine.calls().get(0).fail(FailureReason.ENGINE_FAULT);

      assertFailed(harness.awaitOutput(1), FailureReason.ENGINE_FAULT, 1);
    }
  }

  @Test
  void a_document_that_the_engine_forgets_fails_after_deadline_and_grace() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      harness.advance(BACKSTOP.minusMillis(1));
      harness.runMails();
      assertThat(harness.output()).isEmpty();

      harness.advance(Duration.ofMillis(1));

      assertFailed(harness.awaitOutput(1), FailureReason.DEADLINE, 1);
      assertThat(engine.calls().get(0).future()).isCancelled();
    }
  }

  @Test
  void a_deadline_during_the_backoff_takes_the_next_attempt_back() throws Exception {
    var inference = inference().retries(2, Duration.ofMinutes(1)).build();
    try (var harness = InferenceHarness.open(inference, Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).fail(FailureReason.ENGINE_FAULT);
      harness.advance(BACKSTOP);

      assertFailed(harness.awaitOutput(1), FailureReason.DEADLINE, 1);
      assertThat(engine.calls()).hasSize(1);
    }
  }

  @Test
  void an_answer_after_expiry_changes_nothing() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      harness.advance(BACKSTOP);
      engine.calls().get(0).answer();
      harness.process("b");
      engine.calls().get(1).answer();

      assertThat(harness.awaitOutput(2)).extracting(Inferred::input).containsExactly("a", "b");
      assertThat(harness.output().get(0).outcome()).isInstanceOf(Outcome.Failed.class);
    }
  }

  @Test
  void a_watermark_waits_for_a_slow_document_but_not_beyond_its_deadline() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("slow");
      harness.watermark(7);
      harness.advance(BACKSTOP.minusMillis(1));
      harness.runMails();
      assertThat(harness.watermarks()).isEmpty();

      harness.advance(Duration.ofMillis(1));
      harness.awaitOutput(1);
      harness.runMails();

      assertThat(harness.watermarks()).containsExactly(new Watermark(7));
    }
  }

  @Test
  void a_document_whose_text_can_not_be_read_fails_without_the_engine_and_without_its_content()
      throws Exception {
    var inference =
        inference()
            .text(
                document -> {
                  throw new IllegalArgumentException("cannot parse: " + document);
                })
            .build();
    try (var harness = InferenceHarness.open(inference, Types.STRING)) {
      harness.process("secret");

      assertFailed(harness.awaitOutput(1), FailureReason.UNDECODABLE, 0);
      assertThat(((Outcome.Failed) harness.output().get(0).outcome()).message())
          .contains("text", "IllegalArgumentException")
          .doesNotContain("secret");
      assertThat(engine.calls()).isEmpty();
    }
  }

  @Test
  void a_document_without_an_id_fails_without_the_engine() throws Exception {
    // What a job does that knows nothing of nullness annotations.
    var inference = inference().documentId(document -> null).build();
    try (var harness = InferenceHarness.open(inference, Types.STRING)) {
      harness.process("a");

      assertFailed(harness.awaitOutput(1), FailureReason.UNDECODABLE, 0);
    }
  }

  @Test
  void an_engine_that_closes_under_a_running_task_fails_the_task_not_the_document()
      throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("content");
      engine.calls().get(0).fail(FailureReason.CANCELLED);

      assertThatThrownBy(harness::runMails)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("id of content")
          .hasMessageNotContaining("text of");
      assertThat(harness.output()).isEmpty();
    }
  }

  @Test
  void a_call_that_somebody_else_cancels_fails_the_task() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).future().completeExceptionally(new CancellationException());

      assertThatThrownBy(harness::runMails).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void an_engine_that_throws_instead_of_answering_is_at_fault() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).future().completeExceptionally(new ArithmeticException("a"));
      awaitCalls(2);
      engine.calls().get(1).future().completeExceptionally(new ArithmeticException("a"));

      assertFailed(harness.awaitOutput(1), FailureReason.ENGINE_FAULT, 2);
    }
  }

  @Test
  void closing_cancels_what_runs_and_makes_no_dead_letters_of_it() throws Exception {
    var harness = InferenceHarness.open(inference().build(), Types.STRING);
    harness.process("a");
    harness.process("b");

    harness.close();

    assertThat(harness.output()).isEmpty();
    assertThat(engine.calls())
        .extracting(ScriptedEngine.Call::future)
        .allMatch(CompletableFuture::isCancelled);
    assertThat(engine.holds()).isZero();
    await().until(() -> retryThreads().isEmpty());
  }

  @Test
  void documents_in_flight_at_a_checkpoint_are_asked_again_and_come_out_once() throws Exception {
    List<String> seen = new ArrayList<>();
    OperatorSubtaskState state;
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      for (String document : List.of("a", "b", "c", "d", "e")) {
        harness.process(document);
      }
      engine.calls().get(1).answer();
      engine.calls().get(3).answer();
      harness.awaitOutput(2).forEach(inferred -> seen.add(inferred.input()));
      state = harness.snapshot();
    }

    try (var harness = InferenceHarness.restore(inference().build(), Types.STRING, state)) {
      assertThat(engine.open())
          .extracting(call -> call.request().id())
          .containsExactlyInAnyOrder("id of a", "id of c", "id of e");
      engine.open().forEach(ScriptedEngine.Call::answer);
      harness.awaitOutput(3).forEach(inferred -> seen.add(inferred.input()));
    }
    assertThat(seen).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
  }

  @Test
  void a_document_object_that_flink_uses_again_does_not_change_those_in_flight() throws Exception {
    TypeInformation<Tuple2<String, String>> type = TypeInformation.of(new TypeHint<>() {});
    var inference =
        AsyncInference.<Tuple2<String, String>>builder()
            .analysis(Completions.ANALYSIS)
            .engine(engine.source())
            .documentId(document -> document.f0)
            .text(document -> document.f1)
            .build();
    try (var harness = InferenceHarness.openReusingObjects(inference, type)) {
      StreamRecord<Tuple2<String, String>> reused = new StreamRecord<>(Tuple2.of("1", "one"));
      harness.processReused(reused);
      reused.getValue().setFields("2", "two");
      harness.processReused(reused);
      engine.calls().forEach(ScriptedEngine.Call::answer);

      assertThat(harness.awaitOutput(2))
          .extracting(Inferred::input)
          .containsExactlyInAnyOrder(Tuple2.of("1", "one"), Tuple2.of("2", "two"));
    }
  }

  private AsyncInference.Builder<String> inference() {
    return AsyncInference.<String>builder()
        .analysis(Completions.ANALYSIS)
        .engine(engine.source())
        .documentId(document -> "id of " + document)
        .text(document -> document)
        .deadline(DEADLINE)
        .retries(2, Duration.ZERO);
  }

  private void awaitCalls(int count) {
    await().until(() -> engine.calls().size() == count);
  }

  private static void assertFailed(
      List<Inferred<String, Outcome>> output, FailureReason reason, int attempts) {
    assertThat(output).hasSize(1);
    assertThat(output.get(0).outcome()).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed) output.get(0).outcome()).reason()).isEqualTo(reason);
    assertThat(output.get(0).attempts()).isEqualTo(attempts);
  }

  private static List<Thread> retryThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("inference-retries"))
        .toList();
  }
}
