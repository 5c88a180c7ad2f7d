package io.kaiseki.pipelines.job;

import io.kaiseki.telemetry.OwnMetrics;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.prometheus.ServerlessPrometheusReporter;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Shows the metrics of a Flink cluster inside this process on the process' own endpoint, by the
 * names that Flink's reporter for Prometheus gives them on any cluster.
 */
final class FlinkMetricsReporter extends ServerlessPrometheusReporter {

  private static final String NAME = "process";
  private final OwnMetrics.Text text = this::writeTo;

  /** Lets a cluster that is started with these options report so. */
  static void configure(Configuration options) {
    options.set(MetricOptions.REPORTERS_LIST, NAME);
    MetricOptions.forReporter(options, NAME)
        .set(MetricOptions.REPORTER_FACTORY_CLASS, Factory.class.getName());
  }

  @Override
  public void open(MetricConfig config) {
    super.open(config);
    OwnMetrics.show(text);
  }

  @Override
  public void close() {
    OwnMetrics.hide(text);
    super.close();
  }

  /** Found by Flink as a service, and chosen by its class name. */
  public static final class Factory implements MetricReporterFactory {

    /** Called by the service loader. */
    public Factory() {}

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new FlinkMetricsReporter();
    }
  }
}
