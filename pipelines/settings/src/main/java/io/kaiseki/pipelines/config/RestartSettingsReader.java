package io.kaiseki.pipelines.config;

import java.time.Duration;
import java.util.Collection;

/** Reads {@link RestartSettings} and notes where they contradict each other. */
final class RestartSettingsReader {

  private final JobSettingsReader job;
  private final Collection<ConfigurationProblem> problems;

  RestartSettingsReader(JobSettingsReader job, Collection<ConfigurationProblem> problems) {
    this.job = job;
    this.problems = problems;
  }

  RestartSettings read() {
    int attempts = job.get(JobKeys.RESTART_ATTEMPTS);
    Duration delay = job.get(JobKeys.RESTART_DELAY);
    Duration maximum = job.get(JobKeys.RESTART_MAXIMUM_DELAY);
    // Flink refuses it too, but only where the job starts, and without naming a setting.
    if (attempts > 0 && delay.compareTo(maximum) > 0) {
      problems.add(
          new ConfigurationProblem(
              job.origin(JobKeys.RESTART_DELAY),
              ValueForm.show(delay),
              "must not be longer than %s (%s)"
                  .formatted(JobKeys.RESTART_MAXIMUM_DELAY.name(), ValueForm.show(maximum))));
    }
    return new RestartSettings(attempts, delay, maximum);
  }
}
