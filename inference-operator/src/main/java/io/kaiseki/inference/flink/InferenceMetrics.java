package io.kaiseki.inference.flink;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TokenUsage;
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
 * The metrics of the operator and their names.
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

  /** Documents that ended, either way (counter). */
  public static final String DOCUMENTS = "documents";

  /** Documents that failed, by {@link #REASON} (counter). */
  public static final String FAILURES = "failures";

  /** Attempts after the first (counter). */
  public static final String RETRIES = "retries";

  /** Tokens of prompts, shared prefixes counted for each document (counter). */
  public static final String INPUT_TOKENS = "inputTokens";

  /** Tokens of reasoning and answers (counter). */
  public static final String OUTPUT_TOKENS = "outputTokens";

  /** Tokens of reasoning (counter). */
  public static final String REASONING_TOKENS = "reasoningTokens";

  /** Tokens of answers that the contract left no choice about (counter). */
  public static final String FORCED_TOKENS = "forcedTokens";

  /** Documents that were given the answer of an identical one, without tokens (counter). */
  public static final String REUSED = "reused";

  /**
   * From the last submission to a slot, of documents that the model answered, in ms (histogram).
   */
  public static final String QUEUE_TIME = "queueTimeMs";

  /** From the last submission to the first token of output, of the same, in ms (histogram). */
  public static final String TIME_TO_FIRST_TOKEN = "timeToFirstTokenMs";

  /** From arrival to the end, either way, all attempts included, in ms (histogram). */
  public static final String DURATION = "durationMs";

  /** Slots that run a request (gauge). */
  public static final String SLOTS_BUSY = "slotsBusy";

  /** Requests that wait for a slot (gauge). */
  public static final String QUEUE_LENGTH = "queueLength";

  /** Tokens per call of the model since the engine started (gauge). */
  public static final String MEAN_BATCH_SIZE = "meanBatchSize";

  /** Requests that found their shared prefix decoded, since the engine started (gauge). */
  public static final String PREFIX_HITS = "prefixHits";

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
    documents = group.counter(DOCUMENTS);
    for (FailureReason reason : FailureReason.values()) {
      failures.put(reason, group.addGroup(REASON, reason.name()).counter(FAILURES));
    }
    // Attempts are counted where they fail, on the engine's thread.
    retries = group.counter(RETRIES, new ThreadSafeSimpleCounter());
    reused = group.counter(REUSED);
    inputTokens = group.counter(INPUT_TOKENS);
    outputTokens = group.counter(OUTPUT_TOKENS);
    reasoningTokens = group.counter(REASONING_TOKENS);
    forcedTokens = group.counter(FORCED_TOKENS);
    queueTime = group.histogram(QUEUE_TIME, histogram());
    timeToFirstToken = group.histogram(TIME_TO_FIRST_TOKEN, histogram());
    duration = group.histogram(DURATION, histogram());
    gauge(group, SLOTS_BUSY, engine, EngineStatistics::slotsBusy);
    gauge(group, QUEUE_LENGTH, engine, EngineStatistics::queued);
    gauge(group, PREFIX_HITS, engine, EngineStatistics::prefixHits);
    group.<Double, Gauge<Double>>gauge(MEAN_BATCH_SIZE, () -> meanBatchSize(engine.statistics()));
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
    if (completion.reused()) {
      reused.inc();
      return;
    }
    TokenUsage usage = completion.usage();
    inputTokens.inc(usage.input());
    outputTokens.inc(usage.output());
    reasoningTokens.inc(usage.reasoning());
    forcedTokens.inc(usage.forced());
    queueTime.update(completion.timings().queued().toMillis());
    timeToFirstToken.update(completion.timings().timeToFirstToken().toMillis());
  }

  private static void gauge(
      MetricGroup group,
      String name,
      InferenceEngine engine,
      ToLongFunction<EngineStatistics> value) {
    group.<Long, Gauge<Long>>gauge(name, () -> value.applyAsLong(engine.statistics()));
  }

  private static double meanBatchSize(EngineStatistics statistics) {
    return statistics.decodes() == 0 ? 0 : (double) statistics.batchTokens() / statistics.decodes();
  }

  private static Histogram histogram() {
    return new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW);
  }
}
