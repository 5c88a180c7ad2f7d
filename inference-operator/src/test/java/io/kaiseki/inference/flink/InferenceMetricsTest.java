package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.cascade.CascadeEngine;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InferenceMetricsTest {

  private final ScriptedEngine script = ScriptedEngine.holding();
  private final InferenceEngine engine = script.source().acquire();
  private final MetricListener listener = new MetricListener();
  private final InferenceMetrics metrics =
      new InferenceMetrics(listener.getMetricGroup(), "ticket-triage", engine);

  @AfterEach
  void endEngine() {
    engine.close();
    script.close();
  }

  @Test
  void an_answered_document_counts_with_its_tokens_and_times() {
    metrics.ended(inferred(Completions.answered("no light")), 1_500_000_000L);

    assertThat(count(InferenceMetrics.DOCUMENTS)).isEqualTo(1);
    assertThat(count(InferenceMetrics.REUSED)).isZero();
    assertThat(count(InferenceMetrics.INPUT_TOKENS)).isEqualTo(446 + 155);
    assertThat(count(InferenceMetrics.OUTPUT_TOKENS)).isEqualTo(30 + 76);
    assertThat(count(InferenceMetrics.REASONING_TOKENS)).isEqualTo(30);
    assertThat(count(InferenceMetrics.FORCED_TOKENS)).isEqualTo(21);
    assertThat(maximum(InferenceMetrics.QUEUE_TIME)).isEqualTo(5);
    assertThat(maximum(InferenceMetrics.TIME_TO_FIRST_TOKEN)).isEqualTo(40);
    assertThat(maximum(InferenceMetrics.DURATION)).isEqualTo(1_500);
  }

  @Test
  void a_reused_answer_counts_as_a_document_without_tokens_and_without_times_of_the_model() {
    Completion plain = Completions.completion(Completions.answer("no light"), null);
    Completion reused =
        new Completion(
            plain.answer(),
            plain.confidences(),
            null,
            TokenUsage.NONE,
            plain.finishReason(),
            plain.timings(),
            true);

    metrics.ended(inferred(new Outcome.Answered(reused)), 1_000_000L);

    assertThat(count(InferenceMetrics.DOCUMENTS)).isEqualTo(1);
    assertThat(count(InferenceMetrics.REUSED)).isEqualTo(1);
    assertThat(count(InferenceMetrics.INPUT_TOKENS)).isZero();
    assertThat(count(InferenceMetrics.OUTPUT_TOKENS)).isZero();
    assertThat(metric(Histogram.class, InferenceMetrics.QUEUE_TIME.lastName()).getCount()).isZero();
  }

  @Test
  void an_escalated_document_counts_with_the_tokens_of_both_engines() {
    try (ScriptedEngine answering = ScriptedEngine.running((call, index) -> call.answer());
        InferenceEngine cascade =
            CascadeEngine.source(answering.source(), answering.source(), 1).acquire()) {
      metrics.ended(inferred(cascade.submit(Completions.request("no light")).join()), 1_000_000L);
      assertThat(answering.calls()).hasSize(2);
    }

    assertThat(count(InferenceMetrics.DOCUMENTS)).isEqualTo(1);
    assertThat(count(InferenceMetrics.INPUT_TOKENS)).isEqualTo(2 * (446 + 155));
    assertThat(count(InferenceMetrics.OUTPUT_TOKENS)).isEqualTo(2 * (30 + 76));
    assertThat(count(InferenceMetrics.REASONING_TOKENS)).isEqualTo(2 * 30);
    assertThat(count(InferenceMetrics.FORCED_TOKENS)).isEqualTo(2 * 21);
    assertThat(metric(Histogram.class, InferenceMetrics.QUEUE_TIME.lastName()).getCount())
        .isEqualTo(1);
  }

  @Test
  void a_failed_document_counts_under_its_reason() {
    metrics.ended(inferred(new Outcome.Failed(FailureReason.TOO_LONG, "")), 2_000_000L);

    assertThat(count(InferenceMetrics.DOCUMENTS)).isEqualTo(1);
    assertThat(failures(FailureReason.TOO_LONG)).isEqualTo(1);
    assertThat(failures(FailureReason.DEADLINE)).isZero();
    assertThat(maximum(InferenceMetrics.DURATION)).isEqualTo(2);
  }

  @Test
  void attempts_after_the_first_count_as_retries() {
    metrics.retried();

    assertThat(count(InferenceMetrics.RETRIES)).isEqualTo(1);
  }

  @Test
  void gauges_show_the_engine_as_of_now() {
    assertThat(gauge(InferenceMetrics.SLOTS_BUSY)).isEqualTo(0L);
    for (int i = 0; i < 5; i++) {
      engine.submit(Completions.request("document " + i));
    }

    assertThat(gauge(InferenceMetrics.SLOTS_BUSY)).isEqualTo(2L);
    assertThat(gauge(InferenceMetrics.QUEUE_LENGTH)).isEqualTo(3L);
    assertThat(gauge(InferenceMetrics.PREFIX_HITS)).isEqualTo(7L);
    assertThat(gauge(InferenceMetrics.MEAN_BATCH_SIZE)).isEqualTo(2.5);
  }

  private static Inferred<String, Outcome> inferred(Outcome outcome) {
    return new Inferred<>("document", outcome, 1, ScriptedEngine.DESCRIPTION);
  }

  private long count(io.kaiseki.inference.telemetry.Metric of) {
    return metric(Counter.class, of.lastName()).getCount();
  }

  private long failures(FailureReason reason) {
    return metric(
            Counter.class,
            InferenceMetrics.REASON,
            reason.name(),
            InferenceMetrics.FAILURES.lastName())
        .getCount();
  }

  private long maximum(io.kaiseki.inference.telemetry.Metric of) {
    return metric(Histogram.class, of.lastName()).getStatistics().getMax();
  }

  private Object gauge(io.kaiseki.inference.telemetry.Metric of) {
    return metric(Gauge.class, of.lastName()).getValue();
  }

  private <M extends Metric> M metric(Class<M> type, String... name) {
    String[] path = new String[name.length + 3];
    path[0] = InferenceMetrics.GROUP;
    path[1] = InferenceMetrics.ANALYSIS;
    path[2] = "ticket-triage";
    System.arraycopy(name, 0, path, 3, name.length);
    return listener.getMetric(type, path).orElseThrow();
  }
}
