package io.kaiseki.desk.api;

import io.javalin.http.Context;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.desk.view.DeskView;
import java.time.Instant;
import java.util.function.Supplier;

/** What instances of one desk ask each other: the same questions, of what each has itself. */
final class InternalApi {

  private final DeskView view;
  private final Supplier<Columns> columns;

  InternalApi(DeskView view, Supplier<Columns> columns) {
    this.view = view;
    this.columns = columns;
  }

  void documents(Context request) {
    send(request, view.findLocal(RowQueryReader.read(request, columns.get())));
  }

  void document(Context request) {
    send(request, new DeskView.Found(view.documentLocal(request.pathParam("id")).orElse(null)));
  }

  void counts(Context request) {
    String since = request.queryParam("since");
    try {
      send(
          request, view.countedLocal(Instant.ofEpochSecond(Long.parseLong(String.valueOf(since)))));
    } catch (NumberFormatException e) {
      throw new ApiProblem(400, "since must be seconds since 1970");
    }
  }

  void version(Context request) {
    send(request, view.version());
  }

  private static void send(Context request, Object answer) {
    request.contentType("application/json").result(Json.bytes(answer));
  }
}
