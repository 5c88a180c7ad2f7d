package io.kaiseki.pipelines.eval.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an earlier run got right, as its report tells.
 *
 * @param name the report's file name, without directories
 * @param documents by id
 */
public record FormerRun(String name, Map<String, Document> documents) {

  /**
   * What became of one document.
   *
   * @param text its hash, {@link LabelledDocument#hash()}; empty where the report has none
   * @param correct whether it was right, by field
   */
  public record Document(Optional<String> text, Map<String, Boolean> correct) {}

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

  private static Map<String, Document> documents(JsonNode predictions) {
    Map<String, Document> documents = new LinkedHashMap<>();
    for (JsonNode prediction : predictions) {
      Map<String, Boolean> fields = new LinkedHashMap<>();
      prediction
          .path("fields")
          .properties()
          .forEach(
              field -> fields.put(field.getKey(), field.getValue().path("correct").asBoolean()));
      Optional<String> text =
          Optional.of(prediction.path("text").asText()).filter(hash -> !hash.isEmpty());
      documents.put(prediction.path("id").asText(), new Document(text, fields));
    }
    return documents;
  }

  private static ConfigurationProblem problem(Path report, String remedy) {
    return new ConfigurationProblem(OPTION, report.toString(), remedy);
  }
}
