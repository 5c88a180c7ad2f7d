package io.kaiseki.pipelines.eval.labels;

import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads labelled documents and notes every problem of the file on the way. */
public final class LabelReader {

  /** The option that names the file. */
  public static final String FILE_OPTION = "--labels";

  private final LabelRequest request;
  private final Contract contract;
  private final RowNames names;
  private final Collection<ConfigurationProblem> problems;

  /**
   * @param contract what answers look like
   * @param problems takes what is wrong
   */
  public LabelReader(
      LabelRequest request, Contract contract, Collection<ConfigurationProblem> problems) {
    this.request = request;
    this.contract = contract;
    this.names = new RowNames(request);
    this.problems = problems;
  }

  /** The documents; empty, and problems noted, where anything is wrong with them. */
  public Optional<Labels> read() {
    int before = problems.size();
    Optional<Table> table = new TableReader(request.file(), FILE_OPTION, problems).read();
    if (table.isEmpty()) {
      return Optional.empty();
    }
    boolean hasText = hasColumn(table.get(), "--text", request.text());
    request.id().ifPresent(column -> hasColumn(table.get(), "--id", column));
    request.title().ifPresent(column -> hasColumn(table.get(), "--title", column));
    List<LabelledField> fields = fields(table.get());
    List<LabelledDocument> documents = documents(table.get(), fields, hasText);
    if (problems.size() > before) {
      return Optional.empty();
    }
    int limit = request.limit().orElse(documents.size());
    List<LabelledDocument> sample =
        StratifiedSample.of(
            documents, document -> stratum(document, fields), limit, request.seed());
    List<LabelledField> labelled = labelled(fields, sample);
    if (labelled.isEmpty()) {
      problem(FILE_OPTION, request.file().toString(), "has no label in any of its rows");
      return Optional.empty();
    }
    return Optional.of(
        new Labels(
            String.valueOf(request.file().getFileName()), documents.size(), labelled, sample));
  }

  /** Where few documents are labelled, a sample may have no label of some fields. */
  private static List<LabelledField> labelled(
      List<LabelledField> fields, List<LabelledDocument> documents) {
    return fields.stream()
        .filter(
            field ->
                documents.stream()
                    .anyMatch(document -> document.labels().containsKey(field.name())))
        .toList();
  }

  private boolean hasColumn(Table table, String option, String column) {
    if (table.columns().contains(column)) {
      return true;
    }
    problem(
        option,
        column,
        "no such column; "
            + NearestName.hint(
                column, table.columns(), "the file has " + String.join(", ", table.columns())));
    return false;
  }

  private List<LabelledField> fields(Table table) {
    List<LabelledField> fields = new ArrayList<>();
    Map<String, String> asked = new LinkedHashMap<>(request.columns());
    for (AnswerType.Field field : contract.type().fields()) {
      String column =
          request.columns().isEmpty()
              ? isLabels(field.name(), table) ? field.name() : null
              : asked.remove(field.name());
      if (column != null && hasColumn(table, "--label " + field.name(), column)) {
        fields.add(new LabelledField(field.name(), column, field.type()));
      }
    }
    List<String> names = contract.type().fields().stream().map(AnswerType.Field::name).toList();
    asked.forEach(
        (field, column) ->
            problem(
                "--label",
                field + "=" + column,
                "no such field; "
                    + NearestName.hint(
                        field, names, "the analysis has " + String.join(", ", names))));
    if (fields.isEmpty() && request.columns().isEmpty()) {
      problem(
          FILE_OPTION,
          request.file().toString(),
          "no column, besides those of text, id and title, is called like a field of the analysis ("
              + String.join(", ", names)
              + "); name columns with --label FIELD=COLUMN. The file has "
              + String.join(", ", table.columns()));
    }
    return fields;
  }

  /**
   * Whether a column has the labels of the field that is called like it. One that is the document's
   * own has not: a model that is given the title would find it.
   */
  private boolean isLabels(String column, Table table) {
    return table.columns().contains(column)
        && !column.equals(request.text())
        && request.id().filter(column::equals).isEmpty()
        && request.title().filter(column::equals).isEmpty();
  }

  private List<LabelledDocument> documents(
      Table table, List<LabelledField> fields, boolean hasText) {
    Map<String, LabelCheck> checks = new LinkedHashMap<>();
    fields.forEach(
        field ->
            checks.put(
                field.name(),
                new LabelCheck(field, request.outOfScope(), request.unlabelled(), names)));
    List<Table.Row> empty = new ArrayList<>();
    Map<String, List<Table.Row>> ids = new LinkedHashMap<>();
    List<LabelledDocument> documents = new ArrayList<>();
    for (Table.Row row : table.rows()) {
      String body = row.text(request.text()).strip();
      Optional<String> title =
          request.title().map(column -> row.text(column).strip()).filter(text -> !text.isEmpty());
      if (body.isEmpty() && title.isEmpty()) {
        empty.add(row);
      }
      String id = request.id().map(column -> row.text(column).strip()).orElse("line-" + row.line());
      ids.computeIfAbsent(id, key -> new ArrayList<>()).add(row);
      Map<String, Label> labels = new LinkedHashMap<>();
      checks.forEach(
          (field, check) -> check.read(row).ifPresent(label -> labels.put(field, label)));
      documents.add(new LabelledDocument(id, title, body, labels));
    }
    if (hasText && !empty.isEmpty()) {
      problem("column " + request.text(), "", "there is no text " + names.places(empty));
    }
    request.id().ifPresent(column -> checkIds(column, ids));
    checks.values().forEach(check -> check.report(problems));
    request.outOfScope().ifPresent(word -> checkOutOfScope(word, fields, documents));
    return documents;
  }

  private void checkIds(String column, Map<String, List<Table.Row>> ids) {
    ids.forEach(
        (id, rows) -> {
          if (id.isEmpty()) {
            problem("column " + column, "", "there is no id " + names.places(rows));
          } else if (rows.size() > 1) {
            problem(
                "column " + column, id, "is the id of several documents, " + names.places(rows));
          }
        });
  }

  private void checkOutOfScope(
      String word, List<LabelledField> fields, List<LabelledDocument> documents) {
    for (LabelledField field : fields) {
      if (field.closed() && Symbols.of(field.type()).contains(word)) {
        problem(
            "--out-of-scope",
            word,
            "is a label of the field " + field.name() + "; name a word that is none");
      }
    }
    Label marked = new Label.OutOfScope(word);
    if (documents.stream().noneMatch(document -> document.labels().containsValue(marked))) {
      problem("--out-of-scope", word, "stands in no row of a closed field's column");
    }
  }

  /** The first closed label; documents without any are one stratum. */
  private static String stratum(LabelledDocument document, List<LabelledField> fields) {
    return fields.stream()
        .filter(LabelledField::closed)
        .findFirst()
        .map(field -> String.valueOf(document.labels().get(field.name())))
        .orElse("");
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(key, value, remedy));
  }
}
