package io.kaiseki.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /metrics} with all metrics of the process in Prometheus' text format: those of
 * OpenTelemetry and {@link OwnMetrics}. A scrape that fails is answered with 500 and harms nothing
 * else.
 */
final class MetricsEndpoint implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsEndpoint.class);
  private static final String PATH = "/metrics";
  private static final int THREADS = 2;
  private static final int NO_BODY = -1;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Supplier<MetricSnapshots> metrics;
  private final PrometheusTextFormatWriter format = PrometheusTextFormatWriter.create();

  private MetricsEndpoint(HttpServer server, Supplier<MetricSnapshots> metrics) {
    this.server = server;
    this.metrics = metrics;
    threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "kaiseki-metrics");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext(PATH, this::answer);
    server.start();
  }

  /**
   * Opens an endpoint.
   *
   * @param metrics those of OpenTelemetry; asked at each scrape
   * @throws IOException if no port of the range is free, or the host is none of this machine
   */
  static MetricsEndpoint open(MetricsAddress address, Supplier<MetricSnapshots> metrics)
      throws IOException {
    InetAddress host = InetAddress.getByName(address.host());
    for (int port = address.firstPort(); port <= address.lastPort(); port++) {
      try {
        return new MetricsEndpoint(
            HttpServer.create(new InetSocketAddress(host, port), 0), metrics);
      } catch (BindException e) {
        LOG.debug("port not free host={} port={}", address.host(), port);
      }
    }
    throw new BindException(
        "can't listen on any port from "
            + address.firstPort()
            + " to "
            + address.lastPort()
            + " of "
            + address.host());
  }

  /** Where the metrics are found. */
  URI uri() {
    InetSocketAddress at = server.getAddress();
    String host = at.getAddress().getHostAddress();
    return URI.create(
        "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + at.getPort() + PATH);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        exchange.sendResponseHeaders(404, NO_BODY);
        return;
      }
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.getResponseHeaders().set("Allow", "GET");
        exchange.sendResponseHeaders(405, NO_BODY);
        return;
      }
      byte[] text = text();
      exchange.getResponseHeaders().set("Content-Type", format.getContentType());
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
    } catch (RuntimeException e) {
      LOG.warn("scrape failed error={}", e.toString(), e);
      exchange.sendResponseHeaders(500, NO_BODY);
    }
  }

  private byte[] text() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    format.write(bytes, metrics.get(), EscapingScheme.UNDERSCORE_ESCAPING);
    Writer out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8);
    OwnMetrics.writeAll(out);
    out.flush();
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
