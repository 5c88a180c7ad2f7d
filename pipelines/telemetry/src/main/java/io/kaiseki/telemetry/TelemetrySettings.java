package io.kaiseki.telemetry;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How a process lets itself be observed.
 *
 * @param service name of the process in traces and metrics, such as {@code kaiseki-run}; the
 *     variable {@code OTEL_SERVICE_NAME} overrides it
 * @param version of the product
 * @param metrics where Prometheus finds it; empty for nowhere
 * @param openTelemetry properties of the SDK by their standard names, such as {@code
 *     otel.exporter.otlp.endpoint}; variables {@code OTEL_*} and system properties override them
 */
public record TelemetrySettings(
    String service,
    String version,
    Optional<MetricsAddress> metrics,
    Map<String, String> openTelemetry) {

  public TelemetrySettings {
    openTelemetry = Map.copyOf(openTelemetry);
  }

  /** Without the values of the SDK's properties: headers hold tokens, addresses may hold users. */
  @Override
  public String toString() {
    return "TelemetrySettings[service="
        + service
        + ", version="
        + version
        + ", metrics="
        + metrics
        + ", openTelemetry="
        + new TreeSet<>(openTelemetry.keySet())
        + "]";
  }
}
