package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.TopicSchemas;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * One pass of documents through a relay, between topics of its own. First all of them at once,
 * which stand in the topic before the relay is started; then some evenly, far below what it
 * manages.
 */
public final class RelayPass {

  /** Arrivals in a second while latency is measured. */
  public static final int PACE = 200;

  /** The first documents warm up: one in so many of those that are there at once. */
  private static final int WARM_UP = 5;

  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final String PACED_KEY = "paced-";

  /**
   * What one pass has measured.
   *
   * @param rate documents a second between the first and the last result, of those that were there
   *     at once, warm-up left out; by the time at which each was written
   * @param latencies in microseconds, from when a document is due to its result being there for a
   *     {@code read_committed} consumer
   */
  public record Measured(double rate, Histogram latencies) {}

  private final PipelineServices services;
  private final Workload workload;
  private final int paced;
  private final PassProgress progress;
  private final ResultWait results = ResultWait.usual();

  /**
   * @param paced documents whose latency is measured
   * @param progress hears of each document as it is sent or has its result
   */
  public RelayPass(PipelineServices services, Workload workload, int paced, PassProgress progress) {
    this.services = services;
    this.workload = workload;
    this.paced = paced;
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @param name of this pass, for its topics
   * @throws ArmFailedException if a document is lost, is a dead letter or comes out twice, or the
   *     relay fails
   * @throws CancellationException if a stop was requested
   */
  public Measured run(Relay.Kind kind, DeliverySettings.Guarantee guarantee, String name) {
    AnalysisDefinition definition =
        PipelineArm.definition(name, workload.analysis(), PipelineRelay.NO_MODEL);
    int count = workload.documents().size();
    try {
      JobSettings settings = PipelineArm.job(name, services, guarantee, COMMIT_INTERVAL);
      TopicSchemas schemas = TopicSchemas.establish(definition, settings);
      try (PipelineFeed feed =
          new PipelineFeed(
              settings.kafka(), definition.topics().documents(), schemas.documents())) {
        for (int i = 0; i < count; i++) {
          feed.send(String.valueOf(i), workload.documents().get(i));
        }
        feed.flush();
        try (Relay relay =
                switch (kind) {
                  case LOOP -> new LoopRelay(definition.topics(), settings);
                  case PIPELINE -> new PipelineRelay(definition, settings, schemas.job());
                };
            ResultArrivals arrivals =
                new ResultArrivals(settings.kafka(), definition.topics().results())) {
          await(count, arrivals, relay);
          double rate = rate(count, arrivals);
          Histogram latencies = paced(count, feed, arrivals, relay);
          return new Measured(rate, latencies);
        }
      }
    } catch (ArmFailedException | CancellationException e) {
      throw e;
    } catch (Exception e) {
      throw new ArmFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private void await(long records, ResultArrivals arrivals, Relay relay) {
    results.until(records, arrivals::records, relay, progress);
    if (arrivals.byKey().size() != records || arrivals.records() != records) {
      throw new ArmFailedException(
          "%d results of %d documents, for %d"
              .formatted(arrivals.records(), arrivals.byKey().size(), records));
    }
  }

  private static double rate(int count, ResultArrivals arrivals) {
    long[] written =
        arrivals.byKey().values().stream()
            .mapToLong(ResultArrivals.Arrival::written)
            .sorted()
            .toArray();
    int first = count / WARM_UP;
    long millis = written[count - 1] - written[first];
    return (count - 1 - first) / (Math.max(1, millis) / 1e3);
  }

  private Histogram paced(int before, PipelineFeed feed, ResultArrivals arrivals, Relay relay) {
    long start = System.nanoTime();
    long gap = TimeUnit.SECONDS.toNanos(1) / PACE;
    for (int i = 0; i < paced; i++) {
      for (long left; (left = start + i * gap - System.nanoTime()) > 0; ) {
        progress.check();
        LockSupport.parkNanos(Math.min(left, LONGEST_PAUSE));
      }
      feed.send(PACED_KEY + i, workload.documents().get(i % before));
    }
    feed.flush();
    await(before + paced, arrivals, relay);
    Histogram latencies = new Histogram(3);
    LongStream.range(0, paced)
        .map(i -> arrivals.byKey().get(PACED_KEY + i).nanos() - start - i * gap)
        .forEach(nanos -> latencies.recordValue(Math.max(1, nanos / 1_000)));
    return latencies;
  }
}
