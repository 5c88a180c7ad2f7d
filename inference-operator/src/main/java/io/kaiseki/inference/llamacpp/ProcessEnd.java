package io.kaiseki.inference.llamacpp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The order in which a process ends: first what uses engines, then the engines. Left to themselves,
 * shutdown hooks run side by side, and requests that are to be answered first would lose their
 * engine.
 *
 * <p>Safe for use by several threads.
 */
public final class ProcessEnd {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final List<CompletableFuture<?>> FIRST = new CopyOnWriteArrayList<>();

  /** Completes when the engines have ended, which begins once there was one. */
  private static volatile CompletableFuture<?> engines = CompletableFuture.completedFuture(null);

  private ProcessEnd() {}

  /**
   * Has engines wait, when the process ends, until something is done: for a minute at most.
   *
   * @param done completes, in whatever way, once engines are not needed any more
   */
  public static void beforeEngines(CompletableFuture<?> done) {
    FIRST.add(done);
  }

  /**
   * Waits until all engines have ended, for a minute at most. For whoever ends the process itself:
   * a thread inside native code would make it crash.
   */
  public static void awaitEngines() {
    await(engines);
  }

  /**
   * Ends the engines when the process ends.
   *
   * @param endStarts ends at once what nobody uses yet, but may wait for
   * @param closeEngines ends all of them
   */
  static void onEnd(Runnable endStarts, Runnable closeEngines) {
    CompletableFuture<?> ended = new CompletableFuture<>();
    engines = ended;
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    endStarts.run();
                    FIRST.forEach(ProcessEnd::await);
                    closeEngines.run();
                  } finally {
                    ended.complete(null);
                  }
                },
                "kaiseki-engine-shutdown"));
  }

  private static void await(CompletableFuture<?> done) {
    try {
      done.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Done in another way, or not in time: the process ends all the same.
    }
  }
}
