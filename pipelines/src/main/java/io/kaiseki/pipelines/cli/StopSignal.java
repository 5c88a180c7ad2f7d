package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.llamacpp.ProcessEnd;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Turns Ctrl-C and SIGTERM into a request: the command ends its job and its services in order, and
 * the process ends with the command's exit code. Whoever can't wait may kill it; results are safe.
 */
final class StopSignal {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CompletableFuture<Integer> finished = new CompletableFuture<>();

  private StopSignal() {}

  /** A signal that nobody gives. */
  static StopSignal none() {
    return new StopSignal();
  }

  /** The signal of this process. */
  static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::shutDown, "stop-signal"));
    ProcessEnd.beforeEngines(signal.finished);
    return signal;
  }

  boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits until it is given or the time is over; whether it was given. */
  boolean await(Duration time) throws InterruptedException {
    return requested.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The command has ended and everything it started is gone. */
  void finished(int exitCode) {
    finished.complete(exitCode);
  }

  private void shutDown() {
    if (finished.isDone()) {
      return;
    }
    requested.countDown();
    try {
      int exitCode = finished.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      ProcessEnd.awaitEngines();
      Runtime.getRuntime().halt(exitCode);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      System.err.println("kaiseki: did not end within " + LIMIT.toSeconds() + " s");
    }
  }
}
