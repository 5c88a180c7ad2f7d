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
    return query(false, List.of());
  }

  static RowQuery unsure() {
    return query(true, List.of());
  }

  /** A search, in lower case. */
  static RowQuery of(String... terms) {
    return query(false, List.of(terms));
  }

  private static RowQuery query(boolean unsure, List<String> terms) {
    return new RowQuery(
        Set.of(), Map.of(), Set.of(), unsure, terms, new RowOrder.Newest(), 100, Optional.empty());
  }
}
