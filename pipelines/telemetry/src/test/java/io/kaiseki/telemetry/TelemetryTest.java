package io.kaiseki.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.telemetry.otlp.SpanCollector;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TelemetryTest {

  @Test
  void what_is_measured_through_the_api_is_scraped_over_http() throws Exception {
    try (Telemetry telemetry = Telemetry.start(settings(Map.of()))) {
      GlobalOpenTelemetry.getMeter("test")
          .counterBuilder("test.documents")
          .setUnit("{document}")
          .build()
          .add(3);
      HttpResponse<String> scraped = get(telemetry.endpoint().orElseThrow());
      assertThat(scraped.statusCode()).isEqualTo(200);
      assertThat(scraped.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(scraped.body()).contains("test_documents_total 3.0");
      assertThat(scraped.body()).contains("service_name=\"kaiseki-test\"");
    }
  }

  @Test
  void metrics_that_a_part_keeps_by_itself_stand_in_the_same_scrape_until_they_are_hidden()
      throws Exception {
    OwnMetrics.Text own = out -> out.write("# TYPE own gauge\nown 7.0\n");
    OwnMetrics.show(own);
    try (Telemetry telemetry = Telemetry.start(settings(Map.of()))) {
      assertThat(get(telemetry.endpoint().orElseThrow()).body()).contains("own 7.0");
      OwnMetrics.hide(own);
      assertThat(get(telemetry.endpoint().orElseThrow()).body()).doesNotContain("own 7.0");
    }
  }

  @Test
  void only_this_machine_reaches_the_endpoint_unless_told_otherwise() {
    assertThat(MetricsAddress.byDefault().host()).isEqualTo("127.0.0.1");
  }

  @Test
  void other_paths_and_methods_are_refused() throws Exception {
    try (Telemetry telemetry = Telemetry.start(settings(Map.of()))) {
      URI metrics = telemetry.endpoint().orElseThrow();
      assertThat(get(metrics.resolve("/metricsx")).statusCode()).isEqualTo(404);
      assertThat(
              HttpClient.newHttpClient()
                  .send(
                      HttpRequest.newBuilder(metrics)
                          .POST(HttpRequest.BodyPublishers.ofString("x"))
                          .build(),
                      HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(405);
    }
  }

  @Test
  void the_next_port_of_the_range_is_taken_where_one_is_not_free() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = Math.min(taken.getLocalPort(), 65_515);
      MetricsAddress address = new MetricsAddress("127.0.0.1", port, port + 20);
      try (Telemetry telemetry =
          Telemetry.start(new TelemetrySettings("t", "1", Optional.of(address), Map.of()))) {
        assertThat(telemetry.endpoint().orElseThrow().getPort())
            .isBetween(port, port + 20)
            .isNotEqualTo(taken.getLocalPort());
      }
    }
  }

  @Test
  void a_range_without_a_free_port_is_refused_by_its_name() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      MetricsAddress address = new MetricsAddress("127.0.0.1", port, port);
      assertThatThrownBy(
              () ->
                  Telemetry.start(new TelemetrySettings("t", "1", Optional.of(address), Map.of())))
          .isInstanceOf(BindException.class)
          .hasMessageContaining(port + " to " + port);
      assertThat(GlobalOpenTelemetry.isSet()).isFalse();
    }
  }

  @Test
  void spans_reach_a_collector_that_a_setting_names_at_the_latest_when_the_process_ends()
      throws Exception {
    try (SpanCollector collector = SpanCollector.start()) {
      Telemetry telemetry =
          Telemetry.start(settings(Map.of("otel.exporter.otlp.endpoint", collector.endpoint())));
      GlobalOpenTelemetry.getTracer("test").spanBuilder("work").startSpan().end();
      telemetry.close();
      assertThat(collector.spans()).extracting("name").containsExactly("work");
    }
  }

  @Test
  void where_no_collector_is_named_spans_cost_nothing_and_a_trace_passes_through()
      throws Exception {
    Telemetry telemetry = Telemetry.start(settings(Map.of()));
    SpanContext producer =
        SpanContext.createFromRemoteParent(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            TraceFlags.getSampled(),
            TraceState.getDefault());
    Span span =
        GlobalOpenTelemetry.getTracer("test")
            .spanBuilder("work")
            .setParent(Context.root().with(Span.wrap(producer)))
            .startSpan();
    assertThat(span.isRecording()).isFalse();
    assertThat(span.getSpanContext()).isEqualTo(producer);
    telemetry.close();
  }

  @Test
  void settings_that_the_sdk_refuses_are_told_and_leave_nothing_open() throws Exception {
    assertThatThrownBy(() -> Telemetry.start(settings(Map.of("otel.traces.exporter", "pigeon"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pigeon");
    assertThat(GlobalOpenTelemetry.isSet()).isFalse();
  }

  private static TelemetrySettings settings(Map<String, String> openTelemetry) {
    return new TelemetrySettings(
        "kaiseki-test", "1", Optional.of(MetricsAddress.anywhere()), openTelemetry);
  }

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
