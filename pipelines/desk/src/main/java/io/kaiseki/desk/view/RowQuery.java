package io.kaiseki.desk.view;

import io.kaiseki.desk.model.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which documents, in which order.
 *
 * @param statuses where they stand; empty for any
 * @param values the values that closed fields may have, by field; a field that is not in it may
 *     have any
 * @param reasons why they have no result; empty for any
 * @param unsure only those with an unsure result
 * @param terms what all must occur in id, title, opening, fields or attributes; in lower case
 * @param order the order
 * @param limit most documents of a page
 * @param after where the page begins; empty for the first
 */
public record RowQuery(
    Set<Status> statuses,
    Map<String, Set<String>> values,
    Set<String> reasons,
    boolean unsure,
    List<String> terms,
    RowOrder order,
    int limit,
    Optional<RowOrder.Key> after) {

  /** Stands for null among the values of a field. */
  public static final String NULL = "(none)";

  /** Stands before the name of a field where it might be taken for another filter's. */
  public static final String FIELD = "field.";

  public RowQuery {
    statuses = Set.copyOf(statuses);
    values = Map.copyOf(values);
    reasons = Set.copyOf(reasons);
    terms = List.copyOf(terms);
  }
}
