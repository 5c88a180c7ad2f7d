package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.JobSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that runs on a Flink cluster inside this process. */
public final class JobRun implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(30);

  private final JobClient client;
  private final CompletableFuture<JobExecutionResult> result;
  private final Optional<String> restoredFrom;

  private JobRun(JobClient client, Optional<String> restoredFrom) {
    this.client = client;
    this.result = client.getJobExecutionResult();
    this.restoredFrom = restoredFrom;
  }

  /**
   * Starts a job; returns once it is submitted.
   *
   * @param restore the checkpoint to begin from
   * @throws IllegalStateException if Flink refuses it; nothing is left running
   */
  public static JobRun start(AnalysisJob job, Restore restore) {
    JobSettings settings = job.settings();
    try {
      Configuration options = FlinkOptions.of(settings);
      LocalCluster.confine(options);
      Optional<String> checkpoint = restore.resolve(settings);
      checkpoint.ifPresent(address -> FlinkOptions.restoreFrom(options, address));
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.createLocalEnvironment(settings.parallelism(), options);
      job.addTo(environment);
      JobRun run = new JobRun(environment.executeAsync(settings.name()), checkpoint);
      LOG.info(
          "job submitted name={} id={} restoredFrom={}",
          settings.name(),
          run.client.getJobID(),
          checkpoint.orElse("nothing"));
      return run;
    } catch (Exception e) {
      throw new IllegalStateException("job " + settings.name() + " can't be started", e);
    }
  }

  /** The checkpoint that the job began from; empty if it began anew. */
  public Optional<String> restoredFrom() {
    return restoredFrom;
  }

  /** Completes when the job has ended; exceptionally if it failed or was cancelled. */
  public CompletableFuture<JobExecutionResult> result() {
    return result;
  }

  /** Where the job stands; empty once its cluster is gone. */
  public Optional<JobStatus> status() {
    try {
      return Optional.of(client.getJobStatus().get(5, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** Cancels the job, if it runs, and waits for its end. Its checkpoints stay. */
  @Override
  public void close() {
    if (result.isDone()) {
      return;
    }
    try {
      client.cancel().get(CANCEL_LIMIT.toSeconds(), TimeUnit.SECONDS);
      result.get(CANCEL_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("job did not end in time id={} limit={}", client.getJobID(), CANCEL_LIMIT);
    } catch (ExecutionException | IllegalStateException e) {
      LOG.debug("job ended id={}", client.getJobID(), e);
    }
  }

  /** Which checkpoint a job begins from. */
  public sealed interface Restore {

    /** The newest complete one that the job has left behind, if there is any. */
    record Latest() implements Restore {}

    /** None: the job begins where its consumer group was last seen. */
    record Nothing() implements Restore {}

    /** This one. */
    record From(String checkpoint) implements Restore {}

    /** Reads {@code latest}, {@code none} or the address of a checkpoint. */
    static Restore of(String word) {
      return switch (word) {
        case "latest" -> new Latest();
        case "none" -> new Nothing();
        default -> new From(word);
      };
    }

    /** The checkpoint of an address, or none where there is none. */
    static Restore from(Optional<String> address) {
      return address.<Restore>map(From::new).orElseGet(Nothing::new);
    }

    /** The address of the checkpoint that this means for a job; empty if there is none. */
    default Optional<String> resolve(JobSettings settings) throws IOException {
      if (this instanceof From from) {
        return Optional.of(from.checkpoint());
      }
      return this instanceof Latest
          ? RetainedCheckpoints.latest(
              RetainedCheckpoints.directory(settings.delivery().checkpoints(), settings.name()))
          : Optional.empty();
    }
  }
}
