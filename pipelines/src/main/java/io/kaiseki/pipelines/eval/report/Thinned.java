package io.kaiseki.pipelines.eval.report;

import java.util.ArrayList;
import java.util.List;

/** A long curve with fewer points; the first and the last stay. */
final class Thinned {

  private Thinned() {}

  static <T> List<T> to(int most, List<T> points) {
    if (points.size() <= most) {
      return points;
    }
    List<T> fewer = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      fewer.add(points.get((int) ((long) i * (points.size() - 1) / (most - 1))));
    }
    return fewer;
  }
}
