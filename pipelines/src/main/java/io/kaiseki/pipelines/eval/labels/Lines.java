package io.kaiseki.pipelines.eval.labels;

import java.util.List;
import java.util.stream.Collectors;

/** Names lines of a file, and of many only the first. */
final class Lines {

  private static final int NAMED = 5;

  private Lines() {}

  static String named(List<Integer> lines) {
    return (lines.size() == 1 ? "line " : "lines ")
        + lines.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "))
        + (lines.size() > NAMED ? " and " + (lines.size() - NAMED) + " more" : "");
  }
}
