package io.kaiseki.desk.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.desk.model.Status;
import io.kaiseki.desk.view.Detail;
import io.kaiseki.desk.view.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Documents of which only the answer and what people said of it matter. */
final class Details {

  private Details() {}

  static Detail of(ObjectNode answer, ObjectNode current, List<Detail.Word> reviews, Instant at) {
    Row row =
        new Row(
            "a",
            Status.OPEN,
            null,
            null,
            null,
            null,
            at,
            Map.of(),
            Map.of(),
            List.of(),
            1,
            false,
            null,
            Map.of());
    return new Detail(
        row, null, Map.of(), answer, current, null, List.of(), null, null, reviews, null, null);
  }
}
