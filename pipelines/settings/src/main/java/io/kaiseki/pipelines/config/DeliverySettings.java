package io.kaiseki.pipelines.config;

import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is promised about results, and the times that the promise rests on.
 *
 * @param guarantee the promise
 * @param checkpoints address of the directory below which checkpoints are kept, as Flink takes it
 * @param checkpointInterval between two checkpoints; results become visible to {@code
 *     read_committed} consumers at each
 * @param checkpointTimeout after which a checkpoint is given up; longer than a document's deadline
 * @param transactionTimeout after which the broker gives up a transaction that nobody ended
 */
public record DeliverySettings(
    Guarantee guarantee,
    String checkpoints,
    Duration checkpointInterval,
    Duration checkpointTimeout,
    Duration transactionTimeout)
    implements Serializable {

  /**
   * The address of a directory of this machine. Flink takes an address literally, so it is not
   * escaped as that of a URI.
   */
  public static String address(Path directory) {
    return "file://" + directory.toAbsolutePath().normalize();
  }

  /** How often a document may show up downstream. */
  public enum Guarantee {
    /** Once: results are written in transactions that are committed with checkpoints. */
    EXACTLY_ONCE("exactly-once"),
    /** At least once: results are visible at once, and again after a failure. */
    AT_LEAST_ONCE("at-least-once");

    private final String word;

    Guarantee(String word) {
      this.word = word;
    }

    /** As it is written in settings. */
    public String word() {
      return word;
    }

    /** The guarantee that is written so; empty where there is none. */
    public static Optional<Guarantee> named(String word) {
      return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }
  }
}
