package io.kaiseki.pipelines.demo;

import java.time.Duration;

/** Hears what a demo does. Called on the demo's own thread. */
public interface DemoListener {

  /** A phase of the demo. */
  enum Phase {
    BROKER("broker", "Kafka broker"),
    REGISTRY("registry", "schema registry"),
    MODEL("model", "model"),
    TOPICS("topicsAndSchemas", "topics and schemas"),
    JOB("job", "Flink job"),
    DESK("desk", "desk"),
    DOCUMENTS("documents", "documents");

    private final String key;
    private final String title;

    Phase(String key, String title) {
      this.key = key;
      this.title = title;
    }

    /** As it stands in reports; stable. */
    public String key() {
      return key;
    }

    /** As it is shown to people. */
    public String title() {
      return title;
    }
  }

  /** A phase has begun. */
  void started(Phase phase);

  /**
   * A phase has ended.
   *
   * @param detail what came of it, such as an address
   */
  void ended(Phase phase, Duration time, String detail);

  /** Documents are on their way. Called a few times a second. */
  void progress(Tally tally);

  /** Whether the demo shall end; asked a few times a second. */
  boolean stopRequested();
}
