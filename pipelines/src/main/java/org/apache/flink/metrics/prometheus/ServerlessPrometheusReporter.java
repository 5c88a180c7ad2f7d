package org.apache.flink.metrics.prometheus;

import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.Writer;

/**
 * Flink's reporter for Prometheus without its server, which listens on all interfaces and can't be
 * told not to. It stands in Flink's package because the registry of its metrics can be reached from
 * nowhere else; names and labels are those of Flink's own reporter.
 */
public class ServerlessPrometheusReporter extends AbstractPrometheusReporter {

  /** Writes all metrics in the text format of Prometheus, version 0.0.4; safe on any thread. */
  public final void writeTo(Writer out) throws IOException {
    TextFormat.write004(out, registry.metricFamilySamples());
  }
}
