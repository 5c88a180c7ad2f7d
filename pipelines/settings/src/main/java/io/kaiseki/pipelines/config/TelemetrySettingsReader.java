package io.kaiseki.pipelines.config;

import io.kaiseki.pipelines.config.JobKeys.JobKey;
import io.kaiseki.telemetry.MetricsAddress;
import io.kaiseki.telemetry.TelemetrySettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads how a process lets itself be observed, and notes every problem on the way. */
public final class TelemetrySettingsReader {

  private final Map<String, Setting> settings;
  private final Collection<ConfigurationProblem> problems;

  /**
   * @param settings settings by key; other keys than its own are passed over
   * @param problems takes what is wrong
   */
  public TelemetrySettingsReader(
      Map<String, Setting> settings, Collection<ConfigurationProblem> problems) {
    this.settings = settings;
    this.problems = problems;
  }

  /**
   * Reads the settings; defaults stand in for what is wrong.
   *
   * @param service name of the process, such as {@code kaiseki-run}
   * @param version of the product
   */
  public TelemetrySettings read(String service, String version) {
    String host = get(JobKeys.METRICS_HOST);
    PortRange ports = get(JobKeys.METRICS_PORT);
    Map<String, String> openTelemetry = new HashMap<>();
    settings.forEach(
        (key, setting) -> {
          if (key.startsWith(JobKeys.OTEL_PREFIX)) {
            setting.value(problems).ifPresent(value -> openTelemetry.put(key, value));
          }
        });
    return new TelemetrySettings(
        service,
        version,
        ports.isOff()
            ? Optional.empty()
            : Optional.of(new MetricsAddress(host, ports.first(), ports.last())),
        openTelemetry);
  }

  private <T> T get(JobKey<T> key) {
    T byDefault = Optional.ofNullable(key.defaultValue()).orElseThrow();
    Setting setting = settings.get(key.name());
    if (setting == null) {
      return byDefault;
    }
    Optional<String> given = setting.value(problems);
    if (given.isEmpty() || given.get().isBlank()) {
      return byDefault;
    }
    Optional<T> value = key.form().read(given.get().strip());
    if (value.isEmpty()) {
      problems.add(
          new ConfigurationProblem(
              setting.origin(), setting.shown(), "expected " + key.form().expected()));
    }
    return value.orElse(byDefault);
  }
}
