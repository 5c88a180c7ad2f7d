package io.kaiseki.pipelines.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Guesses how long the rest takes: a step as long as last time, an unknown one as the mean. */
final class Timetable {

  private final List<String> ahead;
  private final Map<String, Duration> last = new HashMap<>();

  /**
   * @param steps all steps in order; a step that comes again has the same name
   */
  Timetable(List<String> steps) {
    ahead = new ArrayList<>(steps);
  }

  /** A step has ended. */
  void took(String step, Duration time) {
    last.put(step, time);
    ahead.remove(step);
  }

  /** A step will not come any more. */
  void dropped(String step) {
    ahead.removeIf(step::equals);
  }

  /** Time of all steps ahead; empty while no step has ended. */
  Optional<Duration> left() {
    if (last.isEmpty()) {
      return Optional.empty();
    }
    Duration mean =
        last.values().stream().reduce(Duration.ZERO, Duration::plus).dividedBy(last.size());
    return Optional.of(
        ahead.stream()
            .map(step -> last.getOrDefault(step, mean))
            .reduce(Duration.ZERO, Duration::plus));
  }
}
