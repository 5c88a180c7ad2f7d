package io.kaiseki.desk.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.kaiseki.desk.model.Column;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.desk.text.Quotes;
import io.kaiseki.desk.text.SourceDocuments;
import io.kaiseki.desk.view.DeskView;
import io.kaiseki.desk.view.Detail;
import io.kaiseki.desk.view.Row;
import io.kaiseki.desk.view.RowPage;
import io.kaiseki.desk.view.RowQuery;
import io.kaiseki.schemas.Document;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lists, documents and their texts. */
final class DocumentsApi {

  private static final long HOLDS_MILLIS = 5_000;

  /** With other instances, this one can't know when theirs have changed. */
  private static final long HOLDS_MILLIS_SHARED = 200;

  private final DeskView view;
  private final Supplier<Columns> columns;
  private final SourceDocuments texts;
  private final Answers answers;

  DocumentsApi(DeskView view, Supplier<Columns> columns, SourceDocuments texts, Answers answers) {
    this.view = view;
    this.columns = columns;
    this.texts = texts;
    this.answers = answers;
  }

  /**
   * A page.
   *
   * @param next the cursor of the page after it; null on the last
   * @param complete whether every partition has answered
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Page(
      List<Row> documents,
      long total,
      Map<String, Map<String, Long>> facets,
      @Nullable String next,
      boolean complete) {}

  void list(Context request) {
    RowQuery query = RowQueryReader.read(request, columns.get());
    answers.remembered(
        request,
        view.version(),
        view.isAlone() ? HOLDS_MILLIS : HOLDS_MILLIS_SHARED,
        () -> page(view.find(query, RowQueryReader.address(request.queryParamMap())), query));
  }

  private Page page(RowPage page, RowQuery query) {
    List<Row> rows = page.rows();
    return new Page(
        rows,
        page.total(),
        page.facets(),
        rows.size() < query.limit() ? null : query.order().key(rows.get(rows.size() - 1)).cursor(),
        view.isComplete(page.partitions()));
  }

  void document(Context request) {
    Answers.fresh(request, find(request));
  }

  /**
   * The text of a document.
   *
   * @param missing why there is none; null where there is one
   * @param titleQuotes places of quoted words in the title
   * @param bodyQuotes places of quoted words in the body
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Text(
      @Nullable String title,
      @Nullable String body,
      @Nullable String missing,
      List<Quotes.Place> titleQuotes,
      List<Quotes.Place> bodyQuotes) {

    static Text missing(String why) {
      return new Text(null, null, why, List.of(), List.of());
    }
  }

  void text(Context request) {
    Detail detail = find(request);
    Answers.fresh(request, text(detail));
  }

  private Text text(Detail detail) {
    if (detail.source() == null) {
      return Text.missing("it came from an archive, or its coordinates are not known");
    }
    SourceDocuments.Source source =
        texts.read(
            detail.row().id(),
            detail.source().topic(),
            detail.source().partition(),
            detail.source().offset());
    if (source instanceof SourceDocuments.Source.Missing missing) {
      return Text.missing(missing.message());
    }
    Document document = ((SourceDocuments.Source.Found) source).document();
    Map<String, List<String>> quotes = quotes(detail);
    return new Text(
        document.getTitle(),
        document.getBody(),
        null,
        document.getTitle() == null ? List.of() : Quotes.find(document.getTitle(), quotes),
        Quotes.find(document.getBody(), quotes));
  }

  private Map<String, List<String>> quotes(Detail detail) {
    Map<String, List<String>> quotes = new LinkedHashMap<>();
    JsonNode answer = detail.current();
    if (answer != null) {
      columns
          .get()
          .all()
          .forEach(column -> quotes(column, column.name(), answer.path(column.name()), quotes));
    }
    return quotes;
  }

  /** Of a record or a list, those within it; each by the path of its field without indexes. */
  private static void quotes(
      Column column, String path, JsonNode value, Map<String, List<String>> quotes) {
    Column items = column.items();
    if (items != null) {
      String within = items.kind() == Column.Kind.RECORD ? path + "[]" : path;
      value.forEach(item -> quotes(items, within, item, quotes));
    } else if (column.quote() && value.isTextual()) {
      quotes.computeIfAbsent(path, key -> new ArrayList<>()).add(value.asText());
    }
    column
        .fields()
        .forEach(
            field -> quotes(field, path + "." + field.name(), value.path(field.name()), quotes));
  }

  Detail find(Context request) {
    return view.document(request.pathParam("id"))
        .orElseThrow(() -> new ApiProblem(404, "the desk knows no document of that id"));
  }
}
