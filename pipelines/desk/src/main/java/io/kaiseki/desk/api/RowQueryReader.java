package io.kaiseki.desk.api;

import io.javalin.http.Context;
import io.kaiseki.desk.model.Column;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.desk.model.Status;
import io.kaiseki.desk.view.RowOrder;
import io.kaiseki.desk.view.RowQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a question about documents out of the query of an address. */
final class RowQueryReader {

  static final int DEFAULT_LIMIT = 50;
  static final int MOST = 500;

  private static final int LONGEST_SEARCH = 200;
  private static final Set<String> PARAMETERS =
      Set.of("status", "reason", "unsure", "q", "order", "limit", "cursor");

  private RowQueryReader() {}

  /**
   * The question.
   *
   * @throws ApiProblem with everything that is wrong with it
   */
  static RowQuery read(Context request, Columns columns) {
    List<String> problems = new ArrayList<>();
    Set<Status> statuses = new HashSet<>();
    for (String word : request.queryParams("status")) {
      Status.named(word)
          .ifPresentOrElse(
              statuses::add,
              () ->
                  problems.add(
                      "status must be one of "
                          + String.join(
                              ", ", Arrays.stream(Status.values()).map(Status::word).toList())));
    }
    Map<String, Set<String>> values = values(request, columns, problems);
    String search = request.queryParam("q");
    if (search != null && search.length() > LONGEST_SEARCH) {
      problems.add("q must have " + LONGEST_SEARCH + " characters at most");
    }
    RowQuery query =
        new RowQuery(
            statuses,
            values,
            Set.copyOf(request.queryParams("reason")),
            "true".equals(request.queryParam("unsure")),
            terms(search),
            order(request.queryParam("order"), columns, problems),
            limit(request.queryParam("limit"), problems),
            after(request.queryParam("cursor"), problems));
    if (!problems.isEmpty()) {
      throw new ApiProblem(400, String.join("; ", problems));
    }
    return query;
  }

  /**
   * The query of an address that asks the same. It is written anew: a browser may send characters
   * that no address may have, and other instances are asked by those who hold to that.
   */
  static String address(Map<String, List<String>> parameters) {
    return parameters.entrySet().stream()
        .flatMap(
            parameter ->
                parameter.getValue().stream()
                    .map(value -> encoded(parameter.getKey()) + "=" + encoded(value)))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Map<String, Set<String>> values(
      Context request, Columns columns, List<String> problems) {
    Map<String, Set<String>> values = new HashMap<>();
    request
        .queryParamMap()
        .forEach(
            (name, given) -> {
              if (!name.startsWith(RowQuery.FIELD)) {
                if (!PARAMETERS.contains(name)) {
                  problems.add("unknown parameter " + name);
                }
                return;
              }
              String field = name.substring(RowQuery.FIELD.length());
              Optional<Column> column = columns.named(field).filter(one -> one.kind().closed());
              if (column.isEmpty()) {
                problems.add(name + ": the answer has no enum or boolean of that name");
                return;
              }
              for (String value : given) {
                if (!value.equals(RowQuery.NULL) && !column.get().accepts(value)) {
                  problems.add(name + ": never has that value");
                }
              }
              values.put(field, Set.copyOf(given));
            });
    return values;
  }

  private static List<String> terms(@Nullable String search) {
    return search == null || search.isBlank()
        ? List.of()
        : List.of(search.strip().toLowerCase(Locale.ROOT).split("\\s+"));
  }

  private static RowOrder order(@Nullable String order, Columns columns, List<String> problems) {
    if (order == null || order.equals("newest")) {
      return new RowOrder.Newest();
    }
    if (order.equals("oldest")) {
      return new RowOrder.Oldest();
    }
    if (order.equals("unsure")) {
      return new RowOrder.Unsure();
    }
    Optional<Column> column =
        Optional.of(order)
            .filter(name -> name.startsWith(RowQuery.FIELD))
            .flatMap(name -> columns.named(name.substring(RowQuery.FIELD.length())))
            .filter(one -> one.kind().closed());
    if (column.isEmpty()) {
      problems.add("order must be newest, oldest, unsure, or field. and an enum or boolean");
      return new RowOrder.Newest();
    }
    Map<String, Integer> ranks = new HashMap<>();
    column.get().labels().forEach(label -> ranks.put(label.name(), ranks.size()));
    return new RowOrder.ByField(column.get().name(), ranks);
  }

  private static int limit(@Nullable String limit, List<String> problems) {
    if (limit == null) {
      return DEFAULT_LIMIT;
    }
    try {
      int parsed = Integer.parseInt(limit);
      if (parsed >= 1 && parsed <= MOST) {
        return parsed;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number out of bounds.
    }
    problems.add("limit must be a whole number from 1 to " + MOST);
    return DEFAULT_LIMIT;
  }

  private static Optional<RowOrder.Key> after(@Nullable String cursor, List<String> problems) {
    if (cursor == null) {
      return Optional.empty();
    }
    Optional<RowOrder.Key> key = RowOrder.Key.parse(cursor);
    if (key.isEmpty()) {
      problems.add("cursor must be the 'next' of an earlier page");
    }
    return key;
  }
}
