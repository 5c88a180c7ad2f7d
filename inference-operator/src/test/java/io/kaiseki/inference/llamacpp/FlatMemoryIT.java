package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * An engine that has been running for long takes no more memory than one that has just warmed up.
 * The soak profile runs it for many more documents.
 */
class FlatMemoryIT {

  private static final int DOCUMENTS = Integer.getInteger("kaiseki.soak.documents", 500);

  /** As many as wait in the engine at the same time. */
  private static final int IN_FLIGHT = 24;

  /** Pools of the allocator and of the JVM take their time to settle; a leak does not end here. */
  private static final long SLACK_MEBIBYTES = 8;

  private final Documents documents = new Documents(20_261_124);
  private int sent;

  private record Memory(long nativeMebibytes, long heapMebibytes) {
    static Memory now() {
      long allocated = ProcessMemory.allocatedMebibytes();
      Runtime runtime = Runtime.getRuntime();
      return new Memory(allocated, runtime.totalMemory() - runtime.freeMemory() >> 20);
    }

    Memory least(Memory other) {
      return new Memory(
          Math.min(nativeMebibytes, other.nativeMebibytes),
          Math.min(heapMebibytes, other.heapMebibytes));
    }
  }

  @Test
  void memory_is_flat_over_many_documents() throws Exception {
    ProcessMemory.require();
    Analysis analysis = TicketTriage.analysis(ReasoningPolicy.OFF);
    try (InferenceEngine engine =
        LlamaCppEngine.source(Requests.settings(TinyModel.narrow(), 8, 8_192)).acquire()) {
      Memory early = after(DOCUMENTS / 10, engine, analysis);
      // The first reading may still hold what a test before had; then the second is the less.
      Memory least = early.least(after(DOCUMENTS / 2, engine, analysis));
      after(DOCUMENTS, engine, analysis);

      // A method that the JVM is just compiling takes native memory too, for a moment.
      await()
          .untilAsserted(
              () -> {
                Memory late = Memory.now();
                assertThat(late.nativeMebibytes() - least.nativeMebibytes())
                    .as("native memory")
                    .isLessThanOrEqualTo(SLACK_MEBIBYTES);
                assertThat(late.heapMebibytes() - least.heapMebibytes())
                    .as("Java heap")
                    .isLessThanOrEqualTo(SLACK_MEBIBYTES);
              });
    }
  }

  private Memory after(int count, InferenceEngine engine, Analysis analysis) throws Exception {
    Deque<CompletableFuture<Outcome>> inFlight = new ArrayDeque<>();
    for (; sent < count; sent++) {
      String text = "Ticket " + sent + ": " + documents.next(sent % 20 == 19 ? 1_000 : sent % 200);
      inFlight.add(engine.submit(Requests.request(analysis, "d" + sent, text)));
      if (inFlight.size() == IN_FLIGHT) {
        Requests.answered(inFlight.remove());
      }
    }
    while (!inFlight.isEmpty()) {
      Requests.answered(inFlight.remove());
    }
    Memory memory = Memory.now();
    System.out.printf(
        "event=soak documents=%d nativeMiB=%d heapMiB=%d%n",
        count, memory.nativeMebibytes(), memory.heapMebibytes());
    return memory;
  }
}
