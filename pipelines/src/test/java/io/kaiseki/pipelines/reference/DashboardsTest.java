package io.kaiseki.pipelines.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kaiseki.inference.flink.InferenceMetrics;
import io.kaiseki.inference.telemetry.EngineMetrics;
import io.kaiseki.inference.telemetry.GenAiMetrics;
import io.kaiseki.inference.telemetry.Metric;
import io.kaiseki.pipelines.job.JobMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dashboards and alerts ask for what exists. */
class DashboardsTest {

  private static final Path DOCKER = Path.of("..", "docker");
  private static final Pattern METRIC =
      Pattern.compile("\\b((?:flink|gen_ai|kaiseki)_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
  private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

  /** Labels that Flink gives to its metrics, and those of bucket and quantile. */
  private static final Set<String> COMMON =
      Set.of("job_name", "job_id", "task_name", "operator_name", "subtask_index", "tm_id", "host");

  @Test
  void every_panel_of_the_dashboard_asks_for_metrics_and_labels_that_exist() throws IOException {
    JsonNode dashboard =
        JsonMapper.builder()
            .build()
            .readTree(DOCKER.resolve("grafana/dashboards/kaiseki.json").toFile());
    List<String> queries = dashboard.findValuesAsText("expr");
    assertThat(queries).hasSizeGreaterThan(30);
    queries.forEach(DashboardsTest::check);
    dashboard.findValuesAsText("definition").forEach(DashboardsTest::check);
    assertThat(dashboard.findValuesAsText("title")).doesNotContain("");
  }

  @Test
  void every_alert_asks_for_metrics_and_labels_that_exist_and_says_what_to_do() throws IOException {
    List<JsonNode> alerts = alerts();
    assertThat(alerts).hasSizeGreaterThan(5);
    for (JsonNode alert : alerts) {
      check(alert.get("expr").asText());
      assertThat(alert.at("/annotations/summary").asText()).as("%s", alert).isNotBlank();
      assertThat(alert.at("/annotations/runbook").asText()).as("%s", alert).isNotBlank();
      assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning");
    }
  }

  @Test
  void lost_results_raise_an_alert() throws IOException {
    assertThat(alerts())
        .extracting(alert -> alert.get("expr").asText())
        .anyMatch(query -> query.contains(JobMetrics.TRANSACTIONS_LOST.prometheusName()));
  }

  @Test
  void the_metrics_that_matter_most_are_on_the_dashboard() throws IOException {
    String dashboard =
        JsonMapper.builder()
            .build()
            .readTree(DOCKER.resolve("grafana/dashboards/kaiseki.json").toFile())
            .toString();
    Stream.concat(
            InferenceMetrics.all().stream(),
            Stream.concat(JobMetrics.all().stream(), GenAiMetrics.all().stream()))
        .filter(metric -> metric != InferenceMetrics.TIME_TO_FIRST_TOKEN)
        .filter(metric -> metric != GenAiMetrics.REQUEST_DURATION)
        .forEach(metric -> assertThat(dashboard).contains(metric.prometheusName()));
  }

  private static List<JsonNode> alerts() throws IOException {
    return YAMLMapper.builder()
        .build()
        .readTree(DOCKER.resolve("prometheus/alerts.yml").toFile())
        .at("/groups/0/rules")
        .findParents("alert")
        .stream()
        .distinct()
        .toList();
  }

  private static void check(String query) {
    Map<String, Set<String>> known = known();
    Set<String> labels = new HashSet<>();
    Matcher metrics = METRIC.matcher(withoutGroupings(query));
    boolean any = false;
    while (metrics.find()) {
      any = true;
      String name = metrics.group(1);
      assertThat(known).as(query).containsKey(name);
      labels.addAll(known.get(name));
      if (metrics.group(2) != null) {
        Matcher asked = LABEL.matcher(metrics.group(2));
        while (asked.find()) {
          assertThat(known.get(name)).as(query).contains(asked.group(1));
        }
      }
    }
    assertThat(any).as("a metric in %s", query).isTrue();
    Matcher groupings = GROUPING.matcher(query);
    while (groupings.find()) {
      for (String label : groupings.group(1).split("\\s*,\\s*")) {
        assertThat(labels).as(query).contains(label.strip());
      }
    }
  }

  private static String withoutGroupings(String query) {
    return GROUPING.matcher(query).replaceAll("");
  }

  /** The names of all series, each with its labels. */
  private static Map<String, Set<String>> known() {
    Map<String, Set<String>> series = new HashMap<>();
    Stream.of(InferenceMetrics.all(), JobMetrics.all(), GenAiMetrics.all(), EngineMetrics.all())
        .flatMap(List::stream)
        .forEach(metric -> add(series, metric));
    FlinkMetricsInUse.all().forEach(metric -> series.put(metric.prometheusName(), COMMON));
    return series;
  }

  private static void add(Map<String, Set<String>> series, Metric metric) {
    Set<String> labels = new HashSet<>(metric.prometheusLabels());
    if (metric.origin() == Metric.Origin.OPERATOR) {
      labels.addAll(COMMON);
    }
    String name = metric.prometheusName();
    if (metric.kind() != Metric.Kind.HISTOGRAM) {
      series.put(name, labels);
      return;
    }
    series.put(name + "_count", labels);
    Set<String> more = new HashSet<>(labels);
    if (metric.origin() == Metric.Origin.OPERATOR) {
      more.add("quantile");
      series.put(name, more);
    } else {
      more.add("le");
      series.put(name + "_bucket", more);
      series.put(name + "_sum", labels);
    }
  }
}
