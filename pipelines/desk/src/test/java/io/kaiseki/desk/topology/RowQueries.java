package io.kaiseki.desk.topology;

import io.kaiseki.desk.view.RowOrder;
import io.kaiseki.desk.view.RowQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Questions that tests ask. */
final class RowQueries {

  private RowQueries() {}

  static RowQuery all() {
    return query(false);
  }

  static RowQuery unsure() {
    return query(true);
  }

  private static RowQuery query(boolean unsure) {
    return new RowQuery(
        Set.of(),
        Map.of(),
        Set.of(),
        unsure,
        List.of(),
        new RowOrder.Newest(),
        100,
        Optional.empty());
  }
}
