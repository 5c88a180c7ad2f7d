package io.kaiseki.pipelines.eval.labels;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Names rows of a file in problems, and of many only the first: by their lines, or, where nobody
 * has the file before them, by the ids of their documents.
 */
final class RowNames {

  private static final int NAMED = 5;

  private final LabelRequest request;

  RowNames(LabelRequest request) {
    this.request = request;
  }

  /** Where something is wrong, such as {@code at lines 2, 4} or {@code in document T-1}. */
  String places(List<Table.Row> rows) {
    String column = request.namedById() ? request.id().orElse(null) : null;
    String names =
        rows.stream()
            .limit(NAMED)
            .map(row -> column == null ? String.valueOf(row.line()) : row.text(column))
            .collect(Collectors.joining(", "));
    return (column == null ? "at line" : "in document")
        + (rows.size() == 1 ? " " : "s ")
        + names
        + (rows.size() > NAMED ? " and " + (rows.size() - NAMED) + " more" : "");
  }
}
