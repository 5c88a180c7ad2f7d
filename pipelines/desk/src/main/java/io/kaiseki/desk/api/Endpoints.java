package io.kaiseki.desk.api;

import io.kaiseki.desk.feedback.FeedbackWriter;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.desk.text.SourceDocuments;
import io.kaiseki.desk.view.DeskView;
import java.util.function.Supplier;

/** Everything that is served, once there is something to serve. */
public final class Endpoints implements AutoCloseable {

  private final DeskView view;
  private final DocumentsApi documents;
  private final FeedbackApi feedback;
  private final OverviewApi overview;
  private final InternalApi internal;
  private final LiveEvents events;

  /**
   * @param title what people call the analysis
   * @param unsure confidence under which a result is unsure
   */
  public Endpoints(
      DeskView view,
      Supplier<Columns> columns,
      SourceDocuments texts,
      FeedbackWriter writer,
      String analysis,
      String title,
      double unsure) {
    Answers answers = new Answers();
    this.view = view;
    this.documents = new DocumentsApi(view, columns, texts, answers);
    this.feedback = new FeedbackApi(documents, columns, writer, analysis);
    this.overview = new OverviewApi(view, columns, answers, analysis, title, unsure);
    this.internal = new InternalApi(view, columns);
    this.events = new LiveEvents(view);
  }

  /** How many listen for changes now. */
  public long listeners() {
    return events.listeners();
  }

  boolean isReady() {
    return view.isReady();
  }

  String state() {
    return view.state();
  }

  DocumentsApi documents() {
    return documents;
  }

  FeedbackApi feedback() {
    return feedback;
  }

  OverviewApi overview() {
    return overview;
  }

  InternalApi internal() {
    return internal;
  }

  LiveEvents events() {
    return events;
  }

  @Override
  public void close() {
    events.close();
  }
}
