package io.kaiseki.pipelines.reference;

import io.kaiseki.inference.flink.InferenceMetrics;
import io.kaiseki.inference.sql.ColumnOption;
import io.kaiseki.inference.sql.SqlModelOptions;
import io.kaiseki.inference.telemetry.EngineMetrics;
import io.kaiseki.inference.telemetry.GenAiMetrics;
import io.kaiseki.inference.telemetry.Metric;
import io.kaiseki.pipelines.analysis.AnalysisKey;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.cli.CommandPage;
import io.kaiseki.pipelines.config.DeskKeys;
import io.kaiseki.pipelines.config.DeskMetric;
import io.kaiseki.pipelines.config.JobKeys;
import io.kaiseki.pipelines.config.JobKeys.JobKey;
import io.kaiseki.pipelines.config.ValueForm;
import io.kaiseki.pipelines.job.JobMetrics;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;

/** The reference pages as the declarations in the code have them. */
final class ReferencePages {

  private static final String MADE =
      "<!-- Made from the declarations in the code; a test compares. To write it anew:\n"
          + "     "
          + ReferencePagesTest.REWRITE
          + " -->\n\n";

  private ReferencePages() {}

  /** The text of each page by its name in docs/. */
  static Map<String, String> all() {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("CONFIGURATION.md", configuration());
    pages.put("METRICS.md", metrics());
    pages.put("SQL.md", sql());
    pages.put("COMMANDS.md", commands());
    return pages;
  }

  private static String configuration() {
    StringBuilder page = new StringBuilder("# Configuration\n\n").append(MADE);
    page.append(
        """
        ## kaiseki.yaml

        How a process is connected and run. A value comes from the file that `--config` names, from a variable of
        the environment or from `-s KEY=VALUE`; the later ones win. The variable of `job.checkpoint-interval` is
        `KAISEKI_JOB_CHECKPOINT_INTERVAL`. A value may hold `${env:NAME}` and `${file:PATH}`,
        which are looked up by the commands that read it, and by no others. Keys that start with
        `kafka.` go to Kafka's clients as they are, those that start with `otel.` to the OpenTelemetry SDK, whose
        own variables `OTEL_*` override them. The keys of `analysis.yaml` may stand here as well, and then override
        those of the analysis. Any other key is refused.

        """);
    page.append(
        """
        Of the properties of Kafka's clients, these are decided by Kaiseki and refused: %s.

        Keys that start with `otel.` or `metrics.` are for the processes of the `kaiseki` command and for desks. A
        job on a Flink cluster passes them over: see [Operations](OPERATIONS.md#logs-metrics-and-traces).

        """
            .formatted(
                JobKeys.KAFKA_DECIDED.stream()
                    .map(property -> "`" + property + "`")
                    .collect(Collectors.joining(", "))));
    page.append(
        """
        Spans hold no text of documents and answers. `otel.instrumentation.genai.capture-message-content: true`, or
        the variable `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`, puts it on them.

        | key | value | default | |
        |---|---|---|---|
        """);
    for (JobKey<?> key : JobKeys.all()) {
      page.append(
          row(
              key.name(),
              key.form().expected(),
              key.defaultValue() == null ? "" : ValueForm.show(key.defaultValue()),
              key.required(),
              key.description()));
    }
    page.append(
        """

        Of the desk alone, besides those of Kafka and the registry:

        | key | value | default | |
        |---|---|---|---|
        """);
    for (JobKey<?> key : DeskKeys.all()) {
      page.append(
          row(
              key.name(),
              key.form().expected(),
              key.defaultValue() == null ? "" : ValueForm.show(key.defaultValue()),
              key.required(),
              key.description()));
    }
    page.append(
        """

        ## analysis.yaml

        What an analysis is; it stands in the folder of the analysis beside `instructions.md` and `result.avsc`.
        Besides these keys it may hold `routes`, a list of `when` and `topic`.

        | key | value | default | |
        |---|---|---|---|
        """);
    for (AnalysisKey<?> key : AnalysisKeys.all()) {
      page.append(
          row(
              key.name(),
              key.form().expected(),
              key.defaultText(),
              key.presence() == AnalysisKey.Presence.REQUIRED,
              key.description()));
    }
    return page.toString();
  }

  private static String row(
      String name, String form, String byDefault, boolean required, String description) {
    String shown = byDefault.replace(System.getProperty("user.home"), "~");
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            name,
            cell(form),
            required ? "required" : shown.isEmpty() ? "" : "`" + shown + "`",
            cell(description));
  }

  private static String metrics() {
    StringBuilder page = new StringBuilder("# Metrics\n\n").append(MADE);
    page.append(
        """
        `run`, `backfill`, `demo`, `serve` and `desk` answer `GET /metrics` for Prometheus, by default on the first
        free port of 127.0.0.1 from 9464 on; they say which when they start (`metrics.host`, `metrics.port`). On a
        Flink cluster, Flink's own reporter shows the metrics of operators by the same names;
        [Operations](OPERATIONS.md#logs-metrics-and-traces) says what else to scrape there.

        """);
    section(
        page,
        "The model's operator",
        "Each has the labels that Flink gives to every metric of an operator, such as `job_name`,"
            + " `operator_name` and `subtask_index`. Counters and quantiles are per subtask. Gauges"
            + " and prefixHits are the engine's, which the subtasks of a process share: take their"
            + " maximum, not their sum.",
        InferenceMetrics.all());
    section(page, "The job", "Labels as above.", JobMetrics.all());
    section(
        page,
        "Requests to engines",
        "By OpenTelemetry's conventions for generative AI. `gen_ai.server.*` is there only where the"
            + " model runs in the process.",
        GenAiMetrics.all());
    section(page, "Engines", "Where a process holds one without a Flink job.", EngineMetrics.all());
    section(
        page,
        "The desk",
        "Of each instance by itself; those of several add up.",
        Arrays.stream(DeskMetric.values()).map(ReferencePages::metric).toList());
    page.append(
        "## Of Flink's own\n\nWhat the dashboard and the alerts look at besides.\n\n"
            + "| in Prometheus | unit | |\n|---|---|---|\n");
    FlinkMetricsInUse.all()
        .forEach(
            metric ->
                page.append(
                    "| `%s` | `%s` | %s |\n"
                        .formatted(metric.prometheusName(), metric.unit(), metric.description())));
    return page.toString();
  }

  private static Metric metric(DeskMetric metric) {
    return Metric.ofProcess(
        metric.metricName(),
        Metric.Kind.valueOf(metric.kind().name()),
        metric.unit(),
        metric.description(),
        metric.labels().toArray(String[]::new));
  }

  private static String sql() {
    StringBuilder page = new StringBuilder("# Options of a SQL model\n\n").append(MADE);
    page.append(
        """
        What stands in `CREATE MODEL … WITH ('provider' = 'kaiseki', …)`.

        | option | default | |
        |---|---|---|
        """);
    HtmlFormatter formatter = new HtmlFormatter();
    for (ConfigOption<?> option : SqlModelOptions.all()) {
      Object byDefault = option.defaultValue();
      String shown =
          byDefault instanceof Duration time ? ValueForm.show(time) : String.valueOf(byDefault);
      page.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  option.key(),
                  byDefault == null || shown.isEmpty() ? "" : "`" + shown + "`",
                  cell(formatter.format(option.description()))));
    }
    page.append(
        """

        ## Options of a column

        `.<column>` follows; a field of a ROW is `<column>.<field>`.

        | option | |
        |---|---|
        """);
    for (ColumnOption option : ColumnOption.values()) {
      page.append(
          "| `%s` | %s |\n"
              .formatted(
                  option.prefix().substring(0, option.prefix().length() - 1),
                  cell(option.description())));
    }
    return page.toString();
  }

  private static void section(
      StringBuilder page, String title, String introduction, List<Metric> metrics) {
    page.append("## ")
        .append(title)
        .append("\n\n")
        .append(introduction)
        .append("\n\n| metric | in Prometheus | type | unit | labels | |\n")
        .append("|---|---|---|---|---|---|\n");
    for (Metric metric : metrics) {
      page.append(
          "| `%s` | `%s` | %s | `%s` | %s | %s |\n"
              .formatted(
                  metric.name(),
                  metric.prometheusName(),
                  metric.prometheusType(),
                  metric.unit(),
                  metric.prometheusLabels().stream()
                      .map(label -> "`" + label + "`")
                      .collect(Collectors.joining(", ")),
                  cell(metric.description())));
    }
    page.append('\n');
  }

  private static String commands() {
    return "# Commands\n\n"
        + MADE
        + "Every command takes `--help` and `--verbose`, and ends with 0 only if it has done what it was asked to"
        + " do, with 2 if, before it begins, options or settings are wrong, or what they name is missing, out of"
        + " reach or in use, and with 1 if it fails after that.\n\n"
        + CommandPage.sections().stripTrailing()
        + "\n";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
