package io.kaiseki.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a process be observed, from start to close: sets {@link GlobalOpenTelemetry}, so that
 * whatever is instrumented in the process is heard, and opens the endpoint for Prometheus.
 *
 * <p>The SDK is configured as everywhere, by variables {@code OTEL_*} or properties {@code otel.*}.
 * Two defaults are ours: nothing is exported unless an endpoint or an exporter is named, and OTLP
 * goes over HTTP. Where an agent has set OpenTelemetry up before, it stays as the agent made it,
 * and the endpoint shows only {@link OwnMetrics}.
 */
public final class Telemetry implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
  private static final long SHUTDOWN_SECONDS = 5;
  private static final String OTLP = "otlp";
  private static final String NONE = "none";
  private static final String MESSAGE_CONTENT =
      "otel.instrumentation.genai.capture-message-content";
  private static final String TRACES_EXPORTER = "otel.traces.exporter";

  private final @Nullable OpenTelemetrySdk sdk;
  private final @Nullable MetricsEndpoint endpoint;

  private Telemetry(@Nullable OpenTelemetrySdk sdk, @Nullable MetricsEndpoint endpoint) {
    this.sdk = sdk;
    this.endpoint = endpoint;
  }

  /**
   * Begins.
   *
   * @throws IOException if the endpoint can't be opened; the message names host and ports
   * @throws IllegalArgumentException if the SDK refuses its properties; nothing is left open
   */
  public static Telemetry start(TelemetrySettings settings) throws IOException {
    PrometheusMetricReader reader =
        PrometheusMetricReader.builder().setOtelScopeLabelsEnabled(false).build();
    MetricsEndpoint endpoint =
        settings.metrics().isPresent()
            ? MetricsEndpoint.open(settings.metrics().get(), reader::collect)
            : null;
    askForContent(settings);
    try {
      OpenTelemetrySdk sdk = GlobalOpenTelemetry.isSet() ? null : start(settings, reader);
      LOG.info(
          "telemetry started service={} metrics={}",
          settings.service(),
          endpoint == null ? "off" : endpoint.uri());
      return new Telemetry(sdk, endpoint);
    } catch (ConfigurationException e) {
      if (endpoint != null) {
        endpoint.close();
      }
      throw new IllegalArgumentException("OpenTelemetry refuses its settings: " + message(e), e);
    }
  }

  /** Where Prometheus finds the metrics of this process; empty where it shall not. */
  public Optional<URI> endpoint() {
    return Optional.ofNullable(endpoint).map(MetricsEndpoint::uri);
  }

  /** Sends what is not sent yet, waiting for it a few seconds at most, and ends all of it. */
  @Override
  public void close() {
    if (endpoint != null) {
      endpoint.close();
    }
    if (sdk != null) {
      if (!sdk.shutdown().join(SHUTDOWN_SECONDS, TimeUnit.SECONDS).isSuccess()) {
        LOG.warn("telemetry not sent completely waitedSeconds={}", SHUTDOWN_SECONDS);
      }
      // The next start in this process brings its own; without this it would be refused.
      GlobalOpenTelemetry.resetForTest();
    }
  }

  /** Asked by those who make spans, who do not see the properties of the SDK. */
  private static void askForContent(TelemetrySettings settings) {
    String asked = settings.openTelemetry().get(MESSAGE_CONTENT);
    if (asked != null && System.getProperty(MESSAGE_CONTENT) == null) {
      System.setProperty(MESSAGE_CONTENT, asked);
    }
  }

  private static OpenTelemetrySdk start(TelemetrySettings settings, PrometheusMetricReader reader) {
    AtomicBoolean traced = new AtomicBoolean();
    OpenTelemetrySdk sdk = sdk(settings, reader, traced);
    GlobalOpenTelemetry.set(traced.get() ? sdk : new MetricsAlone(sdk));
    return sdk;
  }

  private static OpenTelemetrySdk sdk(
      TelemetrySettings settings, PrometheusMetricReader reader, AtomicBoolean traced) {
    Map<String, String> properties = new HashMap<>();
    properties.put("otel.service.name", settings.service());
    properties.put("otel.resource.attributes", "service.version=" + settings.version());
    properties.put("otel.exporter.otlp.protocol", "http/protobuf");
    properties.putAll(settings.openTelemetry());
    return AutoConfiguredOpenTelemetrySdk.builder()
        .disableShutdownHook()
        .addPropertiesSupplier(() -> properties)
        .addPropertiesCustomizer(Telemetry::exporters)
        .addPropertiesCustomizer(
            config -> {
              traced.set(!NONE.equals(config.getString(TRACES_EXPORTER)));
              return Map.of();
            })
        .addMeterProviderCustomizer((meters, config) -> meters.registerMetricReader(reader))
        .build()
        .getOpenTelemetrySdk();
  }

  /** Exporters that nobody has named: by the SDK's own default, they would all be on. */
  private static Map<String, String> exporters(ConfigProperties config) {
    Map<String, String> unnamed = new HashMap<>();
    boolean collector = config.getString("otel.exporter.otlp.endpoint") != null;
    for (String signal : new String[] {"traces", "metrics", "logs"}) {
      String key = "otel." + signal + ".exporter";
      boolean named =
          config.getString("otel.exporter.otlp." + signal + ".endpoint") != null
              // Collectors of traces are common, and those take nothing else.
              || collector && signal.equals("traces");
      if (config.getString(key) == null) {
        unnamed.put(key, named ? OTLP : NONE);
      }
    }
    return unnamed;
  }

  /**
   * Where nobody hears of spans, none are made: whoever asks for one gets the span that is
   * continued, so that the trace of a document still reaches those who come after it.
   */
  private record MetricsAlone(OpenTelemetrySdk sdk) implements OpenTelemetry {

    @Override
    public TracerProvider getTracerProvider() {
      return TracerProvider.noop();
    }

    @Override
    public MeterProvider getMeterProvider() {
      return sdk.getMeterProvider();
    }

    @Override
    public LoggerProvider getLogsBridge() {
      return sdk.getLogsBridge();
    }

    @Override
    public ContextPropagators getPropagators() {
      return sdk.getPropagators();
    }
  }

  private static String message(Throwable error) {
    Throwable cause = error.getCause();
    return cause == null ? String.valueOf(error.getMessage()) : error.getMessage() + ": " + cause;
  }
}
