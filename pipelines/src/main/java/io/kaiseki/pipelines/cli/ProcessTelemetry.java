package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobKeys;
import io.kaiseki.pipelines.config.Setting;
import io.kaiseki.pipelines.config.SettingSources;
import io.kaiseki.pipelines.config.TelemetrySettingsReader;
import io.kaiseki.telemetry.Telemetry;
import io.kaiseki.telemetry.TelemetrySettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lets the process of a command be observed for as long as the command runs. */
final class ProcessTelemetry {

  private ProcessTelemetry() {}

  /**
   * Starts it.
   *
   * @param command name of the command; the process is called {@code kaiseki-} and this
   * @param settings by key
   * @throws ConfigurationException if the settings are wrong or their ports are taken
   */
  static Telemetry start(String command, Map<String, Setting> settings) throws IOException {
    List<ConfigurationProblem> problems = new ArrayList<>();
    TelemetrySettings telemetry =
        new TelemetrySettingsReader(settings, problems)
            .read("kaiseki-" + command, Version.number());
    ConfigurationException.throwIfAny(problems);
    try {
      return Telemetry.start(telemetry);
    } catch (IOException e) {
      throw refused(JobKeys.METRICS_PORT.name(), settings, e + "; name others, or off");
    } catch (IllegalArgumentException e) {
      throw refused(JobKeys.OTEL_PREFIX + "*", settings, String.valueOf(e.getMessage()));
    }
  }

  /** As {@link #start(String, Map)}, for a command that takes no settings file. */
  static Telemetry start(String command) throws IOException {
    SettingSources sources =
        new SettingSources(System.getenv())
            .environment(List.of(JobKeys.METRICS_HOST.name(), JobKeys.METRICS_PORT.name()));
    return start(command, sources.settings());
  }

  /** Says where the metrics are. */
  static void tell(Telemetry telemetry, PrintWriter out) {
    telemetry.endpoint().ifPresent(at -> out.println("Metrics for Prometheus: " + at));
    out.flush();
  }

  private static ConfigurationException refused(
      String key, Map<String, Setting> settings, String remedy) {
    Setting setting = settings.get(key);
    return new ConfigurationException(
        List.of(
            new ConfigurationProblem(
                setting == null ? key : setting.origin(),
                setting == null ? "" : setting.shown(),
                remedy)));
  }
}
