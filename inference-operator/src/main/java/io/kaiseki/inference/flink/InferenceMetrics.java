package io.kaiseki.inference.flink;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.telemetry.Metric;
import io.kaiseki.inference.telemetry.Metric.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * The metrics of the operator.
 *
 * <p>Counters and histograms are per subtask, gauges per engine: subtasks that share the engine of
 * a process show the same values, so take their maximum, not their sum. All stand in the operator's
 * metric group under {@link #GROUP} and the variable {@link #ANALYSIS}.
 */
public final class InferenceMetrics {

  /** Group of all metrics here. */
  public static final String GROUP = "inference";

  /** Variable (label) that holds the name of the analysis. */
  public static final String ANALYSIS = "analysis";

  /** Variable (label) of {@link #FAILURES} that holds the {@link FailureReason}. */
  public static final String REASON = "reason";

  public static final Metric DOCUMENTS =
      metric("documents", Kind.COUNTER, "{document}", "Documents that ended, either way.");

  public static final Metric FAILURES =
      metric(
          "reason.failures",
          Kind.COUNTER,
          "{document}",
          "Documents that failed, by reason.",
          REASON);

  public static final Metric RETRIES =
      metric("retries", Kind.COUNTER, "{attempt}", "Attempts after the first.");

  public static final Metric REUSED =
      metric(
          "reused",
          Kind.COUNTER,
          "{document}",
          "Documents that were given the answer of an identical one, without tokens.");

  public static final Metric INPUT_TOKENS =
      metric(
          "inputTokens",
          Kind.COUNTER,
          "{token}",
          "Tokens of prompts, shared prefixes counted for each document; under a cascade, of both"
              + " models.");

  public static final Metric OUTPUT_TOKENS =
      metric(
          "outputTokens",
          Kind.COUNTER,
          "{token}",
          "Tokens of reasoning and answers; under a cascade, of both models.");

  public static final Metric REASONING_TOKENS =
      metric("reasoningTokens", Kind.COUNTER, "{token}", "Tokens of reasoning.");

  public static final Metric FORCED_TOKENS =
      metric(
          "forcedTokens",
          Kind.COUNTER,
          "{token}",
          "Tokens of answers that the contract left no choice about.");

  public static final Metric QUEUE_TIME =
      metric(
          "queueTimeMs",
          Kind.HISTOGRAM,
          "ms",
          "From the last submission to a slot, of documents that the model answered.");

  public static final Metric TIME_TO_FIRST_TOKEN =
      metric(
          "timeToFirstTokenMs",
          Kind.HISTOGRAM,
          "ms",
          "From the last submission to the first token of output, of the same.");

  public static final Metric DURATION =
      metric(
          "durationMs",
          Kind.HISTOGRAM,
          "ms",
          "From arrival to the end, either way, all attempts included.");

  public static final Metric SLOTS_BUSY =
      metric("slotsBusy", Kind.GAUGE, "{slot}", "Slots of the engine that run a request.");

  public static final Metric QUEUE_LENGTH =
      metric(
          "queueLength", Kind.GAUGE, "{request}", "Requests that wait for a slot of the engine.");

  public static final Metric MEAN_BATCH_SIZE =
      metric(
          "meanBatchSize",
          Kind.GAUGE,
          "{token}",
          "Tokens per call of the model since the engine started.");

  public static final Metric PREFIX_HITS =
      metric(
          "prefixHits",
          Kind.GAUGE,
          "{request}",
          "Requests whose shared prefix was there for another, decoded or about to be, since the"
              + " engine started.");

  /** Recent values that a histogram is computed over. */
  private static final int HISTOGRAM_WINDOW = 1_000;

  private final Counter documents;
  private final Map<FailureReason, Counter> failures = new EnumMap<>(FailureReason.class);
  private final Counter retries;
  private final Counter reused;
  private final Counter inputTokens;
  private final Counter outputTokens;
  private final Counter reasoningTokens;
  private final Counter forcedTokens;
  private final Histogram queueTime;
  private final Histogram timeToFirstToken;
  private final Histogram duration;

  InferenceMetrics(MetricGroup operator, String analysis, InferenceEngine engine) {
    MetricGroup group = operator.addGroup(GROUP).addGroup(ANALYSIS, analysis);
    documents = group.counter(DOCUMENTS.lastName());
    for (FailureReason reason : FailureReason.values()) {
      failures.put(reason, group.addGroup(REASON, reason.name()).counter(FAILURES.lastName()));
    }
    // Attempts are counted where they fail, on the engine's thread.
    retries = group.counter(RETRIES.lastName(), new ThreadSafeSimpleCounter());
    reused = group.counter(REUSED.lastName());
    inputTokens = group.counter(INPUT_TOKENS.lastName());
    outputTokens = group.counter(OUTPUT_TOKENS.lastName());
    reasoningTokens = group.counter(REASONING_TOKENS.lastName());
    forcedTokens = group.counter(FORCED_TOKENS.lastName());
    queueTime = group.histogram(QUEUE_TIME.lastName(), histogram());
    timeToFirstToken = group.histogram(TIME_TO_FIRST_TOKEN.lastName(), histogram());
    duration = group.histogram(DURATION.lastName(), histogram());
    gauge(group, SLOTS_BUSY, engine, EngineStatistics::slotsBusy);
    gauge(group, QUEUE_LENGTH, engine, EngineStatistics::queued);
    gauge(group, PREFIX_HITS, engine, EngineStatistics::prefixHits);
    group.<Double, Gauge<Double>>gauge(
        MEAN_BATCH_SIZE.lastName(), () -> meanBatchSize(engine.statistics()));
  }

  /** All of them, in the order of the reference page. */
  public static List<Metric> all() {
    return List.of(
        DOCUMENTS,
        FAILURES,
        RETRIES,
        REUSED,
        INPUT_TOKENS,
        OUTPUT_TOKENS,
        REASONING_TOKENS,
        FORCED_TOKENS,
        QUEUE_TIME,
        TIME_TO_FIRST_TOKEN,
        DURATION,
        SLOTS_BUSY,
        QUEUE_LENGTH,
        MEAN_BATCH_SIZE,
        PREFIX_HITS);
  }

  /**
   * Counts a document that has ended; called on the task's thread, or where there is no operator,
   * on whichever thread ends the document.
   *
   * @return the document, as a completion of Flink's takes it
   */
  synchronized <T> Collection<Inferred<T, Outcome>> ended(
      Inferred<T, Outcome> inferred, long nanos) {
    documents.inc();
    duration.update(Duration.ofNanos(nanos).toMillis());
    Outcome outcome = inferred.outcome();
    if (outcome instanceof Outcome.Failed failed) {
      failures.get(failed.reason()).inc();
    } else if (outcome instanceof Outcome.Answered answered) {
      answered(answered.completion());
    }
    return List.of(inferred);
  }

  /** Counts a further attempt; called on any thread. */
  void retried() {
    retries.inc();
  }

  private void answered(Completion completion) {
    for (TokenUsage usage : completion.usages()) {
      inputTokens.inc(usage.input());
      outputTokens.inc(usage.output());
      reasoningTokens.inc(usage.reasoning());
      forcedTokens.inc(usage.forced());
    }
    if (completion.reused()) {
      reused.inc();
      return;
    }
    queueTime.update(completion.timings().queued().toMillis());
    timeToFirstToken.update(completion.timings().timeToFirstToken().toMillis());
  }

  private static void gauge(
      MetricGroup group,
      Metric metric,
      InferenceEngine engine,
      ToLongFunction<EngineStatistics> value) {
    group.<Long, Gauge<Long>>gauge(metric.lastName(), () -> value.applyAsLong(engine.statistics()));
  }

  private static Metric metric(
      String name, Kind kind, String unit, String description, String... furtherLabels) {
    String[] labels = new String[1 + furtherLabels.length];
    labels[0] = ANALYSIS;
    System.arraycopy(furtherLabels, 0, labels, 1, furtherLabels.length);
    return Metric.ofOperator(
        String.join(".", GROUP, ANALYSIS, name), kind, unit, description, labels);
  }

  private static double meanBatchSize(EngineStatistics statistics) {
    return statistics.decodes() == 0 ? 0 : (double) statistics.batchTokens() / statistics.decodes();
  }

  private static Histogram histogram() {
    return new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW);
  }
}
