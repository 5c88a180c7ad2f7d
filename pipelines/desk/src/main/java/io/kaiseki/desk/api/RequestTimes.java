package io.kaiseki.desk.api;

import io.javalin.http.Context;
import io.javalin.http.RequestLogger;
import io.javalin.router.Endpoint;
import io.kaiseki.desk.telemetry.DeskMeter;
import io.kaiseki.pipelines.config.DeskMetric;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import java.util.List;

/** Measures how long requests take, by OpenTelemetry's conventions for servers. */
final class RequestTimes implements RequestLogger {

  private static final double MILLIS = 1e3;
  private static final AttributeKey<String> METHOD = string(0);
  private static final AttributeKey<String> ROUTE = string(1);
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey(DeskMetric.REQUEST_DURATION.labels().get(2));

  /** Anything may be sent as a method, and each would be a series of its own. */
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST");

  private final DoubleHistogram times = DeskMeter.seconds(DeskMetric.REQUEST_DURATION);
  private final String stream;

  /**
   * @param stream the route that is answered as long as somebody listens
   */
  RequestTimes(String stream) {
    this.stream = stream;
  }

  @Override
  public void handle(Context request, Float millis) {
    Endpoint endpoint = request.endpoints().matchedHttpEndpoint();
    if (endpoint != null && endpoint.path.equals(stream)) {
      return;
    }
    String method = request.method().name();
    AttributesBuilder labels =
        Attributes.builder()
            .put(METHOD, METHODS.contains(method) ? method : "_OTHER")
            .put(STATUS, (long) request.statusCode());
    if (endpoint != null) {
      labels.put(ROUTE, endpoint.path);
    }
    times.record(millis / MILLIS, labels.build());
  }

  private static AttributeKey<String> string(int label) {
    return AttributeKey.stringKey(DeskMetric.REQUEST_DURATION.labels().get(label));
  }
}
