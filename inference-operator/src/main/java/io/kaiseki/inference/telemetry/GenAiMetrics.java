package io.kaiseki.inference.telemetry;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.telemetry.Metric.Kind;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of OpenTelemetry's conventions for generative AI, over every request to an engine:
 * those of a client, and, of an engine in this process, those of a model server as well.
 * Thread-safe.
 */
public final class GenAiMetrics {

  public static final Metric TOKEN_USAGE =
      histogram(
          "gen_ai.client.token.usage",
          "{token}",
          "Tokens of a request, of its prompt (input) and of reasoning and answer (output).",
          GenAi.TOKEN_TYPE.getKey());

  public static final Metric OPERATION_DURATION =
      histogram(
          "gen_ai.client.operation.duration",
          "s",
          "Time of a request from submission to its end; error.type tells why one failed.",
          GenAi.ERROR_TYPE.getKey());

  public static final Metric REQUEST_DURATION =
      histogram(
          "gen_ai.server.request.duration",
          "s",
          "Time of a request in the engine of this process, its queue included.",
          GenAi.ERROR_TYPE.getKey());

  public static final Metric TIME_TO_FIRST_TOKEN =
      histogram(
          "gen_ai.server.time_to_first_token",
          "s",
          "Time from submission to the first token of output, of requests that were answered.");

  public static final Metric TIME_PER_OUTPUT_TOKEN =
      histogram(
          "gen_ai.server.time_per_output_token",
          "s",
          "Time per token of output after the first, of requests that were answered.");

  // The bounds that the conventions recommend for each.
  private static final List<Long> TOKENS =
      List.of(
          1L, 4L, 16L, 64L, 256L, 1024L, 4096L, 16384L, 65536L, 262144L, 1048576L, 4194304L,
          16777216L, 67108864L);
  private static final List<Double> OPERATION_SECONDS =
      List.of(
          0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
  private static final List<Double> FIRST_TOKEN_SECONDS =
      List.of(
          0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5,
          10.0);
  private static final List<Double> OUTPUT_TOKEN_SECONDS =
      List.of(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5);

  private final LongHistogram tokenUsage;
  private final DoubleHistogram operationDuration;
  private final DoubleHistogram requestDuration;
  private final DoubleHistogram timeToFirstToken;
  private final DoubleHistogram timePerOutputToken;

  GenAiMetrics(OpenTelemetry openTelemetry) {
    Meter meter = openTelemetry.getMeter(GenAi.SCOPE);
    tokenUsage =
        meter
            .histogramBuilder(TOKEN_USAGE.name())
            .ofLongs()
            .setUnit(TOKEN_USAGE.unit())
            .setDescription(TOKEN_USAGE.description())
            .setExplicitBucketBoundariesAdvice(TOKENS)
            .build();
    operationDuration = instrument(meter, OPERATION_DURATION, OPERATION_SECONDS);
    requestDuration = instrument(meter, REQUEST_DURATION, OPERATION_SECONDS);
    timeToFirstToken = instrument(meter, TIME_TO_FIRST_TOKEN, FIRST_TOKEN_SECONDS);
    timePerOutputToken = instrument(meter, TIME_PER_OUTPUT_TOKEN, OUTPUT_TOKEN_SECONDS);
  }

  /** All of them, in the order of the reference page. */
  public static List<Metric> all() {
    return List.of(
        TOKEN_USAGE,
        OPERATION_DURATION,
        REQUEST_DURATION,
        TIME_TO_FIRST_TOKEN,
        TIME_PER_OUTPUT_TOKEN);
  }

  /** Counts a request that was answered. */
  void answered(EngineDescription engine, String analysis, Completion completion, long nanos) {
    Attributes labels = labels(engine, analysis, null);
    double seconds = seconds(nanos);
    operationDuration.record(seconds, labels);
    TokenUsage usage = completion.usage();
    if (!completion.reused()) {
      tokenUsage.record(usage.input(), typed(labels, "input"));
      tokenUsage.record(usage.output(), typed(labels, "output"));
    }
    if (!engine.remote()) {
      requestDuration.record(seconds, labels);
      if (!completion.reused()) {
        Timings timings = completion.timings();
        timeToFirstToken.record(seconds(timings.timeToFirstToken().toNanos()), labels);
        if (usage.output() > 1) {
          Duration generation = timings.total().minus(timings.timeToFirstToken());
          timePerOutputToken.record(seconds(generation.toNanos()) / (usage.output() - 1), labels);
        }
      }
    }
  }

  /** Counts a request that failed. */
  void failed(EngineDescription engine, String analysis, String errorType, long nanos) {
    Attributes labels = labels(engine, analysis, errorType);
    operationDuration.record(seconds(nanos), labels);
    if (!engine.remote()) {
      requestDuration.record(seconds(nanos), labels);
    }
  }

  private static Attributes labels(
      EngineDescription engine, String analysis, @Nullable String errorType) {
    AttributesBuilder labels =
        Attributes.builder()
            .put(GenAi.OPERATION, GenAi.CHAT)
            .put(GenAi.PROVIDER, engine.engine())
            .put(GenAi.REQUEST_MODEL, engine.model())
            .put(GenAi.ANALYSIS, analysis);
    if (errorType != null) {
      labels.put(GenAi.ERROR_TYPE, errorType);
    }
    return labels.build();
  }

  private static Attributes typed(Attributes labels, String type) {
    return labels.toBuilder().put(GenAi.TOKEN_TYPE, type).build();
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static DoubleHistogram instrument(Meter meter, Metric metric, List<Double> bounds) {
    return meter
        .histogramBuilder(metric.name())
        .setUnit(metric.unit())
        .setDescription(metric.description())
        .setExplicitBucketBoundariesAdvice(bounds)
        .build();
  }

  private static Metric histogram(
      String name, String unit, String description, String... furtherLabels) {
    String[] labels = new String[4 + furtherLabels.length];
    labels[0] = GenAi.OPERATION.getKey();
    labels[1] = GenAi.PROVIDER.getKey();
    labels[2] = GenAi.REQUEST_MODEL.getKey();
    labels[3] = GenAi.ANALYSIS.getKey();
    System.arraycopy(furtherLabels, 0, labels, 4, furtherLabels.length);
    return Metric.ofProcess(name, Kind.HISTOGRAM, unit, description, labels);
  }
}
