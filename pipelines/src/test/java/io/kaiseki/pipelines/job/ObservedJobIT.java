package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.flink.InferenceMetrics;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.telemetry.GenAiMetrics;
import io.kaiseki.inference.telemetry.Metric;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.reference.FlinkMetricsInUse;
import io.kaiseki.telemetry.MetricsAddress;
import io.kaiseki.telemetry.Telemetry;
import io.kaiseki.telemetry.TelemetrySettings;
import io.kaiseki.telemetry.otlp.SpanCollector;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A running job with a real model, as Prometheus and a collector of traces see it. */
@ExtendWith(ServicesExtension.class)
class ObservedJobIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PRODUCER_SPAN = "b7ad6b7169203331";
  private static final String BROKEN_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SECRET = "Okonkwo";

  @TempDir Path checkpoints;

  @Test
  void metrics_are_those_of_the_reference_and_a_trace_leads_from_the_producer_to_the_result()
      throws Exception {
    try (SpanCollector collector = SpanCollector.start();
        JobFixture job =
            new JobFixture(
                ServicesExtension.kafka(),
                ServicesExtension.registry(),
                checkpoints,
                AnalysisOverrides.none()
                    .with(AnalysisKeys.REASONING_POLICY, "always", "test")
                    .with(AnalysisKeys.REASONING_BUDGET, 8, "test"))) {
      Telemetry telemetry =
          Telemetry.start(
              new TelemetrySettings(
                  "kaiseki-test",
                  "1",
                  Optional.of(MetricsAddress.anywhere()),
                  Map.of(
                      "otel.exporter.otlp.endpoint",
                      collector.endpoint(),
                      "otel.exporter.otlp.timeout",
                      "60000",
                      "otel.bsp.schedule.delay",
                      "200")));
      try (JobRun run =
          job.start(
              LlamaCppEngine.source(
                  new LlamaCppSettings(
                      TinyModel.file().toString(),
                      "",
                      2,
                      2_048,
                      256,
                      1,
                      LlamaCppSettings.SHIPPED_LIBRARY)))) {
        send(job, "d1", job.encode("d1", "No light", SECRET + " waits"), TRACE);
        send(job, "broken", new byte[] {1, 2, 3}, BROKEN_TRACE);
        job.awaitOutcomes(2, run);
        assertMetrics(telemetry);
        awaitTrace(collector, TRACE);
        awaitTrace(collector, BROKEN_TRACE);
      } finally {
        telemetry.close();
      }
      assertTrace(job, collector.spans());
    }
  }

  /** The span of the record, which ends last. */
  private static void awaitTrace(SpanCollector collector, String trace) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                collector.spans().stream()
                    .anyMatch(
                        span ->
                            hex(span.getTraceId()).equals(trace)
                                && span.getName().startsWith("process ")));
  }

  private static void assertMetrics(Telemetry telemetry) throws Exception {
    // A checkpoint is reported a moment after its results are visible.
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(scrape(telemetry).of("flink_jobmanager_job_lastCheckpointDuration"))
                    .isNotEmpty());
    Scrape scrape = scrape(telemetry);
    Stream.of(InferenceMetrics.all(), JobMetrics.all(), GenAiMetrics.all())
        .flatMap(List::stream)
        // There are no routes here.
        .filter(metric -> metric != JobMetrics.ROUTED)
        .forEach(metric -> assertAsDeclared(scrape, metric));
    for (FlinkMetricsInUse.FlinkMetric metric : FlinkMetricsInUse.all()) {
      assertThat(scrape.types()).containsEntry(metric.prometheusName(), "gauge");
      assertThat(scrape.of(metric.prometheusName())).isNotEmpty();
    }
    List<String> declared =
        Stream.of(InferenceMetrics.all(), GenAiMetrics.all())
            .flatMap(List::stream)
            .map(Metric::prometheusName)
            .toList();
    assertThat(scrape.types().keySet())
        .filteredOn(
            name ->
                name.startsWith("gen_ai_")
                    || name.startsWith("flink_taskmanager_job_task_operator_inference_"))
        .allSatisfy(name -> assertThat(declared).contains(name));
    assertThat(scrape.sum(InferenceMetrics.DOCUMENTS.prometheusName())).isEqualTo(1);
    assertThat(scrape.sum(InferenceMetrics.REASONING_TOKENS.prometheusName())).isPositive();
    assertThat(scrape.sum(JobMetrics.REJECTED.prometheusName())).isEqualTo(1);
    assertThat(scrape.sum(GenAiMetrics.OPERATION_DURATION.prometheusName() + "_count"))
        .isEqualTo(1);
    assertThat(scrape.sum(GenAiMetrics.TOKEN_USAGE.prometheusName() + "_sum"))
        .isEqualTo(
            scrape.sum(InferenceMetrics.INPUT_TOKENS.prometheusName())
                + scrape.sum(InferenceMetrics.OUTPUT_TOKENS.prometheusName()));
  }

  private static Scrape scrape(Telemetry telemetry) throws Exception {
    return Scrape.of(telemetry.endpoint().orElseThrow());
  }

  private static void assertAsDeclared(Scrape scrape, Metric metric) {
    String name = metric.prometheusName();
    assertThat(scrape.types()).as(metric.name()).containsEntry(name, metric.prometheusType());
    List<Scrape.Sample> samples =
        scrape.of(metric.kind() == Metric.Kind.HISTOGRAM ? name + "_count" : name);
    assertThat(samples).as(name).isNotEmpty();
    for (Scrape.Sample sample : samples) {
      for (String label : metric.prometheusLabels()) {
        // Only what failed has an error.
        if (!label.equals("error_type")) {
          assertThat(sample.labels()).as(name).containsKey(label);
        }
      }
    }
  }

  private static void assertTrace(JobFixture job, List<Span> spans) {
    Map<String, Span> ofDocument =
        spans.stream()
            .filter(span -> hex(span.getTraceId()).equals(TRACE))
            .collect(Collectors.toMap(Span::getName, span -> span));
    Span process = ofDocument.get("process " + job.definition.topics().documents());
    Span chat = ofDocument.get("chat " + TinyModel.file().getFileName());
    assertThat(process).as("spans: %s", ofDocument.keySet()).isNotNull();
    assertThat(hex(process.getParentSpanId())).isEqualTo(PRODUCER_SPAN);
    assertThat(process.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CONSUMER);
    assertThat(chat).as("spans: %s", ofDocument.keySet()).isNotNull();
    assertThat(chat.getParentSpanId()).isEqualTo(process.getSpanId());
    long end = chat.getStartTimeUnixNano();
    for (String phase : List.of("queue", "prefill", "reasoning", "answer")) {
      Span span = ofDocument.get(phase);
      assertThat(span).as(phase).isNotNull();
      assertThat(span.getParentSpanId()).isEqualTo(chat.getSpanId());
      assertThat(span.getStartTimeUnixNano()).as(phase).isGreaterThanOrEqualTo(end);
      end = span.getEndTimeUnixNano();
    }
    assertThat(end).isLessThanOrEqualTo(chat.getEndTimeUnixNano());
    Received.Answered answered = only(job, Received.Answered.class);
    assertThat(traceparent(answered.record()))
        .isEqualTo("00-" + TRACE + "-" + hex(process.getSpanId()) + "-01");

    Span rejected =
        spans.stream()
            .filter(span -> hex(span.getTraceId()).equals(BROKEN_TRACE))
            .findFirst()
            .orElseThrow();
    assertThat(rejected.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(traceparent(only(job, Received.Dead.class).record()))
        .isEqualTo("00-" + BROKEN_TRACE + "-" + hex(rejected.getSpanId()) + "-01");
    assertThat(spans.toString()).doesNotContain(SECRET);
  }

  private static <R extends Received> R only(JobFixture job, Class<R> kind) {
    List<R> found = job.outcomes.stream().filter(kind::isInstance).map(kind::cast).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static void send(JobFixture job, String id, byte[] value, String trace) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            job.definition.topics().documents(), id.getBytes(StandardCharsets.UTF_8), value);
    record
        .headers()
        .add(
            "traceparent",
            ("00-" + trace + "-" + PRODUCER_SPAN + "-01").getBytes(StandardCharsets.US_ASCII));
    job.send(record);
  }

  private static String traceparent(ConsumerRecord<byte[], byte[]> record) {
    return new String(
        record.headers().lastHeader("traceparent").value(), StandardCharsets.US_ASCII);
  }

  private static String hex(com.google.protobuf.ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
