package io.kaiseki.pipelines.backfill;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Hears what a backfill does. Called on the thread that runs it. */
public interface BackfillListener {

  /** All files are counted; those of other formats, by the end of their names, are left out. */
  void counted(long files, long documents, Map<String, Integer> passedOver);

  /** The results topic is being read. Called a few times a second. */
  void comparing(long done, long total);

  /**
   * What is left of the results topic stands behind transactions that are open. Told once.
   *
   * @param longest time for which it waits for them
   */
  void awaitsTransactions(Duration longest);

  /**
   * The results topic has been read.
   *
   * @param results of this analysis and version
   * @param bytes memory that they take
   */
  void compared(long results, long bytes);

  /**
   * The job runs.
   *
   * @param checkpoint that it goes on from
   */
  void started(String run, Optional<String> checkpoint, long documents);

  /** Documents are on their way. Called a few times a second. */
  void progress(Counts counts, long documents);

  /** Whether the run shall stop; asked a few times a second. */
  boolean stopRequested();

  /**
   * Ends what comes before the job, where a stop is requested.
   *
   * @throws IllegalStateException if it is
   */
  default void stopIfAsked() {
    if (stopRequested()) {
      throw new IllegalStateException("stopped before the job began; the same command goes on");
    }
  }
}
