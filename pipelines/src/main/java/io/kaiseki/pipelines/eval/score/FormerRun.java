package io.kaiseki.pipelines.eval.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.config.ConfigurationProblem;
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
 * @param correct by document id and field
 */
public record FormerRun(String name, Map<String, Map<String, Boolean>> correct) {

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
            new FormerRun(String.valueOf(report.getFileName()), correct(predictions)));
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

  private static Map<String, Map<String, Boolean>> correct(JsonNode predictions) {
    Map<String, Map<String, Boolean>> correct = new LinkedHashMap<>();
    for (JsonNode prediction : predictions) {
      Map<String, Boolean> fields = new LinkedHashMap<>();
      prediction
          .path("fields")
          .properties()
          .forEach(
              field -> fields.put(field.getKey(), field.getValue().path("correct").asBoolean()));
      correct.put(prediction.path("id").asText(), fields);
    }
    return correct;
  }

  private static ConfigurationProblem problem(Path report, String remedy) {
    return new ConfigurationProblem(OPTION, report.toString(), remedy);
  }
}
