package io.kaiseki.pipelines.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a job runs. */
public sealed interface JobTarget {

  /** The forms that {@link #read} takes, for help and errors. */
  String FORMS = "local, flink:HOST:PORT or kubernetes";

  /** In this process. */
  record Local() implements JobTarget {}

  /**
   * On a Flink session cluster.
   *
   * @param host of the JobManager's REST endpoint
   * @param port of it
   */
  record Session(String host, int port) implements JobTarget {

    /** As a person writes it. */
    public String address() {
      return host + ":" + port;
    }
  }

  /** On a cluster of its own that Kubernetes runs. */
  record Kubernetes() implements JobTarget {}

  /** Reads {@code local}, {@code flink:HOST:PORT} or {@code kubernetes}; empty for other words. */
  static Optional<JobTarget> read(String word) {
    if (word.equals("local")) {
      return Optional.of(new Local());
    }
    if (word.equals("kubernetes")) {
      return Optional.of(new Kubernetes());
    }
    Matcher session = Forms.SESSION.matcher(word);
    if (!session.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(session.group(2));
    return port < 1 || port > 65_535
        ? Optional.empty()
        : Optional.of(new Session(session.group(1), port));
  }

  /** The syntax of targets. */
  final class Forms {

    private static final Pattern SESSION = Pattern.compile("flink:([^\\s:/]+):([0-9]{1,5})");

    private Forms() {}
  }
}
