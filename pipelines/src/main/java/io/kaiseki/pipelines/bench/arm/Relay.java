package io.kaiseki.pipelines.bench.arm;

/**
 * Something that runs beside the bench and leaves one record, with the same key, in the topic of
 * results for each one in the topic of documents.
 */
public interface Relay extends AutoCloseable {

  /** The ways to come from one topic into another, in the order in which reports name them. */
  enum Kind {
    /** A consumer and a producer of Kafka: the least that any pipeline does. */
    LOOP("loop"),
    /** The whole job, on an engine that answers at once. */
    PIPELINE("pipeline");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The name in reports. */
    public String word() {
      return word;
    }
  }

  /**
   * Looks whether it still runs.
   *
   * @throws ArmFailedException if it has ended by itself
   */
  void check();

  /** Ends it. */
  @Override
  void close();
}
