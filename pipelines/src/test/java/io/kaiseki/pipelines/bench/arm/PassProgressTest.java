package io.kaiseki.pipelines.bench.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PassProgressTest {

  @Test
  void a_document_that_was_cancelled_or_failed_is_not_done() {
    PassProgress progress = new PassProgress(() -> false, done -> {});
    EngineCall cancelled = new EngineCall(new CompletableFuture<>()).counted(progress);
    EngineCall failed = new EngineCall(new CompletableFuture<>()).counted(progress);
    EngineCall closed = new EngineCall(new CompletableFuture<>()).counted(progress);

    cancelled.cancel();
    failed.future().complete(new Outcome.Failed(FailureReason.DEADLINE, "late"));
    closed.future().complete(new Outcome.Failed(FailureReason.CANCELLED, "closed"));

    assertThat(progress.done()).isZero();
    assertThatThrownBy(() -> cancelled.await(progress)).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> failed.await(progress))
        .isInstanceOf(ArmFailedException.class)
        .hasMessage("DEADLINE: late");
    assertThatThrownBy(() -> closed.await(progress))
        .as("nobody has asked for it")
        .isInstanceOf(ArmFailedException.class)
        .hasMessage("CANCELLED: closed");
  }

  @Test
  void a_document_that_fails_because_a_stop_has_closed_its_engine_is_no_failure() {
    AtomicBoolean stop = new AtomicBoolean();
    PassProgress stoppedWhileItWaits = new PassProgress(() -> stop.getAndSet(true), done -> {});
    EngineCall closed = new EngineCall(new CompletableFuture<>());
    closed.future().complete(new Outcome.Failed(FailureReason.CANCELLED, "closed"));

    assertThatThrownBy(() -> closed.await(stoppedWhileItWaits))
        .isInstanceOf(CancellationException.class)
        .hasMessage("stopped with 0 documents answered");
  }

  @Test
  void waiting_for_an_answer_ends_when_a_stop_is_requested() {
    PassProgress progress = new PassProgress(() -> true, done -> {});

    assertThatThrownBy(() -> progress.await(new CompletableFuture<>()))
        .isInstanceOf(CancellationException.class)
        .hasMessage("stopped with 0 documents answered");
  }
}
