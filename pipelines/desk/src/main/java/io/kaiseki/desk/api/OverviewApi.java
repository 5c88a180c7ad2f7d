package io.kaiseki.desk.api;

import io.javalin.http.Context;
import io.kaiseki.desk.model.Column;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.desk.view.Counted;
import io.kaiseki.desk.view.DeskView;
import io.kaiseki.desk.view.Statistics;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Counts, and what there is to count. */
final class OverviewApi {

  private static final long HOLDS_MILLIS = 1_000;

  private final DeskView view;
  private final Supplier<Columns> columns;
  private final Answers answers;
  private final String analysis;
  private final String title;
  private final double unsure;

  OverviewApi(
      DeskView view,
      Supplier<Columns> columns,
      Answers answers,
      String analysis,
      String title,
      double unsure) {
    this.view = view;
    this.columns = columns;
    this.answers = answers;
    this.analysis = analysis;
    this.title = title;
    this.unsure = unsure;
  }

  /** The columns and what they belong to. */
  record Described(
      String analysis, String title, String doc, double unsure, List<Column> columns) {}

  void columns(Context request) {
    Columns known = columns.get();
    Answers.fresh(request, new Described(analysis, title, known.doc(), unsure, known.all()));
  }

  /** The counts, and whether every partition has answered. */
  record Counts(boolean complete, Statistics statistics) {}

  void statistics(Context request) {
    answers.remembered(request, view.version(), HOLDS_MILLIS, this::count);
  }

  private Counts count() {
    Instant now = Instant.now();
    Counted counted = view.counted(now.minus(Statistics.NEEDED));
    return new Counts(view.isComplete(counted.partitions()), Statistics.of(counted, now));
  }
}
