package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.pipelines.bench.arm.ArmFailedException;
import io.kaiseki.pipelines.bench.report.Ending;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rounds one after the other until one fails or is stopped. What those before it have measured
 * is worth a report, for it may have taken hours. A cancellation that nobody asked for is a
 * failure.
 *
 * @param listener hears of a failure that ends the rounds
 * @param stopRequested whether they shall end early
 */
record Rounds(BenchListener listener, BooleanSupplier stopRequested) {

  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  /**
   * Runs them.
   *
   * @param round takes the number of a round, from 1
   * @param measured whether there is anything to report
   * @throws CancellationException if it was stopped before there was
   * @throws RuntimeException what a round failed with before there was
   */
  Ending run(int rounds, IntConsumer round, BooleanSupplier measured) {
    for (int number = 1; number <= rounds; number++) {
      try {
        round.accept(number);
      } catch (ArmFailedException | EngineUnavailableException | IllegalStateException e) {
        if (stopRequested.getAsBoolean()) {
          // A Ctrl-C reaches child processes as well, so that they may fail before it is seen.
          return stopped(
              e instanceof CancellationException stop
                  ? stop
                  : new CancellationException("stopped, and a round failed: " + e),
              measured);
        }
        if (!measured.getAsBoolean()) {
          throw e;
        }
        LOG.info("bench failed round={}", number, e);
        listener.failed(String.valueOf(e.getMessage()));
        return Ending.failed("round %d: %s".formatted(number, e.getMessage()));
      }
    }
    return Ending.WHOLE;
  }

  private static Ending stopped(CancellationException stop, BooleanSupplier measured) {
    if (!measured.getAsBoolean()) {
      throw stop;
    }
    LOG.info("bench stopped: {}", stop.getMessage());
    return Ending.STOPPED;
  }
}
