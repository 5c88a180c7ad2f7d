package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.RestartSettings;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.RecoveryClaimMode;

/** Flink's own options for a job with these settings. */
public final class FlinkOptions {

  /**
   * Checkpoints that may fail in a row. While the registry or the broker is away they all do, and
   * the job shall wait for it rather than restart into the same outage. {@link TransactionAge} ends
   * the wait where transactions would not outlast it.
   */
  private static final int TOLERABLE_FAILED_CHECKPOINTS = 100;

  private FlinkOptions() {}

  /** The options that are the same wherever the job runs. */
  public static Configuration of(JobSettings settings) {
    Configuration options = new Configuration();
    DeliverySettings delivery = settings.delivery();
    options.set(PipelineOptions.NAME, settings.name());
    // Records of the job are immutable, so operators may hand them on as they are.
    options.set(PipelineOptions.OBJECT_REUSE, true);
    // A record that no serializer is declared for is a mistake that shall not cost speed unseen.
    options.set(PipelineOptions.GENERIC_TYPES, false);
    // Nothing in the job asks for event time; each core that wakes up for it is one that computes.
    options.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ZERO);
    options.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, delivery.checkpointInterval());
    options.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, delivery.checkpointTimeout());
    options.set(
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
        delivery.guarantee() == DeliverySettings.Guarantee.EXACTLY_ONCE
            ? CheckpointingMode.EXACTLY_ONCE
            : CheckpointingMode.AT_LEAST_ONCE);
    options.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        RetainedCheckpoints.directory(delivery.checkpoints(), settings.name()));
    options.set(
        CheckpointingOptions.SAVEPOINT_DIRECTORY,
        RetainedCheckpoints.savepoints(delivery.checkpoints(), settings.name()));
    options.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    options.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, TOLERABLE_FAILED_CHECKPOINTS);
    restart(settings.restart(), options);
    return options;
  }

  /** Lets a job with these options begin from a checkpoint or a savepoint. */
  public static void restoreFrom(Configuration options, String address) {
    options.set(StateRecoveryOptions.SAVEPOINT_PATH, address);
    // A checkpoint that is not claimed would stay for ever: nobody else knows when it is obsolete.
    // A savepoint is its maker's, and stays.
    options.set(
        StateRecoveryOptions.RESTORE_MODE,
        RetainedCheckpoints.isCheckpoint(address)
            ? RecoveryClaimMode.CLAIM
            : RecoveryClaimMode.NO_CLAIM);
  }

  private static void restart(RestartSettings restart, Configuration options) {
    if (restart.attempts() == 0) {
      options.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
      return;
    }
    options.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    options.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, restart.attempts());
    options.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        restart.initialDelay());
    options.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        restart.maximumDelay());
    options.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER,
        RestartSettings.MULTIPLIER);
    options.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_JITTER_FACTOR,
        RestartSettings.JITTER);
    options.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
        RestartSettings.RESET_AFTER);
  }
}
