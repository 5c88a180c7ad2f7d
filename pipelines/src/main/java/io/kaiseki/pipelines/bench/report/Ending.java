package io.kaiseki.pipelines.bench.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * How a bench of rounds ended. Whole rounds are in its report, however it ended.
 *
 * @param stopped whether it was stopped
 * @param failure why it could not go on; empty if it could
 */
public record Ending(boolean stopped, Optional<String> failure) {

  /** Every round was run. */
  public static final Ending WHOLE = new Ending(false, Optional.empty());

  /** It was stopped. */
  public static final Ending STOPPED = new Ending(true, Optional.empty());

  /** It could not go on, for this reason. */
  public static Ending failed(String reason) {
    return new Ending(false, Optional.of(reason));
  }

  /** Whether every round was run. */
  public boolean whole() {
    return !stopped && failure.isEmpty();
  }

  /** A line for people; empty where every round was run. */
  String line() {
    return failure
        .map(reason -> "Failed early: only whole rounds are counted. In %s%n".formatted(reason))
        .orElse(stopped ? "Stopped early: only whole rounds are counted.%n".formatted() : "");
  }

  void addTo(ObjectNode json) {
    json.put("stopped", stopped);
    failure.ifPresent(reason -> json.put("failure", reason));
  }
}
