package io.kaiseki.pipelines.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.NearestName;
import io.kaiseki.pipelines.config.ValueForm;
import io.kaiseki.pipelines.routing.Route;
import io.kaiseki.pipelines.routing.RouteCheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The list {@code routes} of an {@code analysis.yaml}: conditions and the topics that results go to
 * where they hold.
 */
final class RoutesSection {

  static final String NAME = "routes";

  private static final String WHEN = "when";
  private static final String TOPIC = "topic";
  private static final Set<String> KEYS = Set.of(WHEN, TOPIC);

  private final AnalysisTopics topics;
  private final Optional<RouteCheck> check;
  private final Collection<ConfigurationProblem> problems;

  /**
   * @param contract what conditions are checked against; empty where the schema has problems, which
   *     are to be solved first
   */
  RoutesSection(
      AnalysisTopics topics,
      Optional<Contract> contract,
      Collection<ConfigurationProblem> problems) {
    this.topics = topics;
    this.check = contract.map(RouteCheck::new);
    this.problems = problems;
  }

  List<Route> read(JsonNode section) {
    if (!section.isArray()) {
      problem(NAME, "", "expected a list of routes, each with " + WHEN + " and " + TOPIC);
      return List.of();
    }
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < section.size(); i++) {
      read(NAME + "[" + i + "]", section.get(i)).ifPresent(routes::add);
    }
    return routes;
  }

  private Optional<Route> read(String name, JsonNode entry) {
    if (!entry.isObject()) {
      problem(name, entry.asText(), "expected a section with " + WHEN + " and " + TOPIC);
      return Optional.empty();
    }
    for (Map.Entry<String, JsonNode> property : entry.properties()) {
      if (!KEYS.contains(property.getKey())) {
        problem(
            name + "." + property.getKey(),
            "",
            "unknown key; "
                + NearestName.hint(
                    property.getKey(), KEYS, "a route has " + WHEN + " and " + TOPIC));
      }
    }
    Optional<String> when = text(name, entry, WHEN, "a condition, such as answer.urgent");
    Optional<String> topic = text(name, entry, TOPIC, ValueForm.topic().expected());
    when.ifPresent(condition -> checkCondition(name, condition));
    topic.ifPresent(to -> checkTopic(name, to));
    return when.flatMap(condition -> topic.map(to -> new Route(condition, to)));
  }

  private void checkCondition(String name, String condition) {
    check.ifPresent(
        rules ->
            rules
                .problems(condition)
                .forEach(problem -> problem(name + "." + WHEN, condition, problem)));
  }

  /** A route to another topic of the same analysis would count results twice or feed it itself. */
  private void checkTopic(String name, String topic) {
    if (ValueForm.topic().read(topic).isEmpty()) {
      problem(name + "." + TOPIC, topic, "expected " + ValueForm.topic().expected());
    } else if (List.of(topics.documents(), topics.results(), topics.deadLetters())
        .contains(topic)) {
      problem(name + "." + TOPIC, topic, "is a topic of the analysis already; name another");
    }
  }

  private Optional<String> text(String name, JsonNode entry, String key, String expected) {
    JsonNode value = entry.path(key);
    // The text of YAML's null is the word "null", which would do as a topic.
    boolean missing = value.isMissingNode() || value.isNull() || value.asText().isBlank();
    if (value.isContainerNode() || missing) {
      problem(
          name + "." + key,
          "",
          (value.isContainerNode() ? "" : "missing; ") + "expected " + expected);
      return Optional.empty();
    }
    return Optional.of(value.asText().strip());
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(key, value, remedy));
  }
}
