package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.pipelines.bench.arm.ArmFailedException;
import io.kaiseki.pipelines.bench.arm.EngineCall;
import io.kaiseki.pipelines.bench.arm.PassProgress;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an engine saturated with backfill documents until it is closed: whenever one ends, the next
 * is submitted, so that some always wait.
 */
final class Backfill implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Backfill.class);
  private static final int WAITING_PER_SLOT = 2;

  /** Short, since the time of an answer is when it is seen. */
  private static final long POLL_MILLIS = 2;

  private final InferenceEngine engine;
  private final Workload workload;
  private final AtomicLong answered = new AtomicLong();
  private final Set<EngineCall> open = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Outcome> ended = new LinkedBlockingQueue<>();
  private final Thread feeder;
  private final String name;
  private volatile boolean closed;
  private volatile String failure = "";
  private long submitted;

  /**
   * Starts it.
   *
   * @param name sets its documents apart from those of other phases
   */
  Backfill(InferenceEngine engine, Workload workload, String name) {
    this.engine = engine;
    this.workload = workload;
    this.name = name;
    for (int i = 0; i < engine.description().slots() * (1 + WAITING_PER_SLOT); i++) {
      submit();
    }
    feeder = new Thread(this::feed, name);
    feeder.setDaemon(true);
    feeder.start();
  }

  /** Documents that are answered by now. */
  long answered() {
    return answered.get();
  }

  /**
   * Waits until so many are answered.
   *
   * @throws ArmFailedException if a document failed, or the engine takes no more
   */
  void await(long count, PassProgress progress) {
    while (answered.get() < count) {
      progress.check();
      check();
      sleep();
    }
  }

  /**
   * Says whether all has gone well so far.
   *
   * @throws ArmFailedException if a document failed, or the engine takes no more
   */
  void check() {
    if (!failure.isEmpty()) {
      throw new ArmFailedException("a document of the backfill failed: " + failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    feeder.interrupt();
    try {
      feeder.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    open.forEach(EngineCall::cancel);
  }

  /** The engine's thread only hands outcomes over; the next document is prepared here. */
  private void feed() {
    try {
      while (!closed) {
        if (ended.take() instanceof Outcome.Failed failed) {
          failure = failed.reason() + ": " + failed.message();
          return;
        }
        submit();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // Nothing is submitted any more, and whoever waits for answers is not to wait for ever.
      LOG.info("backfill failed name={}", name, e);
      failure = e.toString();
    }
  }

  private void submit() {
    String body = workload.documents().get((int) (submitted % workload.documents().size()));
    String id = name + "-" + ++submitted;
    // No two documents are the same text, in this phase or another.
    EngineCall call =
        EngineCall.submit(
            engine, workload.analysis(), id, "Archive " + id + "\n\n" + body, Lane.BACKFILL);
    open.add(call);
    call.future()
        .thenAccept(
            outcome -> {
              open.remove(call);
              if (outcome instanceof Outcome.Answered) {
                answered.incrementAndGet();
              }
              ended.add(outcome);
            });
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }
}
