package io.kaiseki.pipelines.eval.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.eval.labels.Label;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import io.kaiseki.pipelines.eval.metrics.Judgement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an earlier run answered, as its report tells. It is judged by the labels of today: where
 * some were put right since, its own verdicts are those of other labels.
 *
 * @param name the report's file name, without directories
 * @param documents by id
 */
public record FormerRun(String name, Map<String, Document> documents) {

  /**
   * What became of one document.
   *
   * @param text its hash, {@link LabelledDocument#hash()}; empty where the report has none
   * @param failed whether it has no answer
   * @param fields by name; those that had a label
   */
  public record Document(Optional<String> text, boolean failed, Map<String, Field> fields) {}

  /**
   * What became of one field of it.
   *
   * @param answer the label that stands in the answer, {@link Judgement#NULL} for an abstention;
   *     empty where the document failed, and in an open field
   * @param truth what was true, as in {@link Prediction.Field}; empty where the report has none
   * @param correct whether the answer was right by that
   */
  public record Field(Optional<String> answer, Optional<String> truth, boolean correct) {}

  /** The option that names the report. */
  public static final String OPTION = "--against";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads a report.
   *
   * @param problems takes what is wrong
   * @return empty where it is no report
   */
  public static Optional<FormerRun> read(Path report, Collection<ConfigurationProblem> problems) {
    try {
      JsonNode predictions = JSON.readTree(Files.readAllBytes(report)).path("predictions");
      if (predictions.isArray() && !predictions.isEmpty()) {
        return Optional.of(
            new FormerRun(String.valueOf(report.getFileName()), documents(predictions)));
      }
      problems.add(problem(report, "no report of kaiseki eval; it has no predictions"));
    } catch (IOException e) {
      problems.add(
          problem(
              report,
              Files.exists(report)
                  ? "no report of kaiseki eval; it can't be read as JSON"
                  : "no such file; name a report that kaiseki eval --report has written"));
    }
    return Optional.empty();
  }

  /**
   * A document of the earlier run; empty where it had none of this id, or another one under it. The
   * lines of a file are ids too, and another file has the same.
   */
  public Optional<Document> document(String id, String text) {
    return Optional.ofNullable(documents.get(id))
        .filter(document -> document.text().filter(hash -> !hash.equals(text)).isEmpty());
  }

  /**
   * Whether its answer is right by the label that a field of a document has now; empty where that
   * can't be told: it has no such document or field, or, as it holds no texts, an open field was
   * judged by another label or by one that it does not tell of.
   */
  public Optional<Boolean> right(LabelledDocument document, String name) {
    Optional<Document> found = document(document.id(), document.hash());
    Optional<Field> field = found.flatMap(of -> Optional.ofNullable(of.fields().get(name)));
    if (field.isEmpty()) {
      return Optional.empty();
    }
    Label label = document.labels().get(name);
    if (label instanceof Label.Closed closed) {
      return found.get().failed()
          ? Optional.of(false)
          : field.get().answer().map(closed.label()::equals);
    }
    if (label instanceof Label.Open open) {
      return field
          .filter(of -> of.truth().filter(document.hash(open)::equals).isPresent())
          .map(Field::correct);
    }
    return Optional.empty();
  }

  /** Whether any answer of it can be judged by the labels that a document has now. */
  public boolean hasAnswerTo(LabelledDocument document) {
    return document.labels().keySet().stream()
        .anyMatch(field -> right(document, field).isPresent());
  }

  private static Map<String, Document> documents(JsonNode predictions) {
    Map<String, Document> documents = new LinkedHashMap<>();
    for (JsonNode prediction : predictions) {
      Map<String, Field> fields = new LinkedHashMap<>();
      prediction
          .path("fields")
          .properties()
          .forEach(field -> fields.put(field.getKey(), field(field.getValue())));
      documents.put(
          prediction.path("id").asText(),
          new Document(text(prediction, "text"), prediction.has("failed"), fields));
    }
    return documents;
  }

  private static Field field(JsonNode field) {
    Optional<String> answer =
        field.path("abstained").asBoolean() ? Optional.of(Judgement.NULL) : text(field, "label");
    return new Field(answer, text(field, "truth"), field.path("correct").asBoolean());
  }

  private static Optional<String> text(JsonNode of, String name) {
    return Optional.of(of.path(name).asText()).filter(text -> !text.isEmpty());
  }

  private static ConfigurationProblem problem(Path report, String remedy) {
    return new ConfigurationProblem(OPTION, report.toString(), remedy);
  }
}
