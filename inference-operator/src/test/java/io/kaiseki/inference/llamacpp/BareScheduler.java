package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.gguf.ModelFile;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * A scheduler without an engine around it, which steps and fails when the test says so. Whoever
 * thinks in it does so up to the budget.
 */
final class BareScheduler implements AutoCloseable {

  private static final int END_OF_REASONING = 0;

  private final LoadedModel loaded = Requests.load(Requests.settings(TinyModel.narrow(), 1, 8_192));
  private final NativeModel model =
      new NativeModel(LlamaLibrary.load("shipped"), ModelFile.open(TinyModel.narrow()));
  private final EngineCounters counters = new EngineCounters();

  /** A sequence that the scheduler knows nothing of. */
  private final int intruder;

  private final NativeContext context;
  private final Scheduler scheduler;

  BareScheduler(int slots) {
    intruder = Scheduler.sequences(slots);
    context = new NativeContext(model, 4_096, 512, intruder + 1, 1);
    scheduler =
        new Scheduler(
            context,
            model.vocabulary(),
            new ReasoningSampler(everythingBut(END_OF_REASONING)),
            END_OF_REASONING,
            slots,
            counters,
            new SharedAnswers(0, counters));
  }

  CompletableFuture<Outcome> enqueue(Analysis analysis, String id, Lane lane) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    scheduler.enqueue(prepared(analysis, id, lane, future));
    return future;
  }

  /**
   * Enqueues a request that is given up at a time on {@link System#nanoTime()}'s scale, if it is
   * not answered before.
   */
  CompletableFuture<Outcome> enqueue(Analysis analysis, String id, Lane lane, long deadlineNanos) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    scheduler.enqueue(
        Requests.prepared(loaded, request(analysis, id, lane), deadlineNanos, future));
    return future;
  }

  PendingRequest prepared(
      Analysis analysis, String id, Lane lane, CompletableFuture<Outcome> future) {
    return Requests.prepared(loaded, request(analysis, id, lane), future);
  }

  Scheduler scheduler() {
    return scheduler;
  }

  NativeContext context() {
    return context;
  }

  void step() {
    scheduler.step();
  }

  /** Steps while there is anything to do. */
  void finish() {
    while (!scheduler.idle()) {
      scheduler.step();
    }
  }

  /** Leaves the next step no cells. */
  void takeAllCells() {
    int position = 0;
    for (int left; (left = context.cells() - context.usedCells()) > 0; ) {
      context.clearBatch();
      for (int i = 0; i < Math.min(left, context.capacity()); i++) {
        context.add(100, position++, intruder, false);
      }
      context.decode();
    }
  }

  EngineStatistics statistics() {
    counters.publish(scheduler.slotsBusy(), scheduler.queued());
    return counters.published();
  }

  @Override
  public void close() {
    context.close();
    model.close();
    loaded.close();
  }

  private static CompletionRequest request(Analysis analysis, String id, Lane lane) {
    return new CompletionRequest(id, analysis, "My parcel.", Instant.MAX, lane);
  }

  private boolean[] everythingBut(int token) {
    boolean[] allowed = new boolean[model.vocabulary().size()];
    Arrays.fill(allowed, true);
    allowed[token] = false;
    return allowed;
  }
}
