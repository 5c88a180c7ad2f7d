package io.kaiseki.pipelines.faults;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.embedded.Lifeline;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.Readiness;
import io.kaiseki.pipelines.job.SchemaIds;
import io.kaiseki.pipelines.job.TinyModel;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A job in a process of its own, to be killed. */
final class KilledJob {

  private static final String RESTORED = "restored from ";

  private KilledJob() {}

  /**
   * Starts the process; it ends with this one. What it prints goes into the log.
   *
   * @param settings of the job, of which its name and registry are taken
   */
  static Process start(JobSettings settings, String bootstrapServers, Path checkpoints, Path log)
      throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath(),
            Lifeline.class.getName(),
            Main.class.getName(),
            settings.name(),
            bootstrapServers,
            settings.registry().address(),
            checkpoints.toString(),
            TinyModel.file().toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** What this test runs with. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Whether the log says that the job began from a checkpoint. */
  static boolean restored(String log) {
    return log.contains(RESTORED + "file:");
  }

  /** What runs in the process: the product's own job, from its newest checkpoint. */
  public static final class Main {

    private Main() {}

    public static void main(String[] arguments) {
      KafkaSettings kafka = KafkaSettings.plain(arguments[1]);
      RegistrySettings registry = RegistrySettings.of(arguments[2]);
      JobSettings settings =
          JobFixture.settings(arguments[0], kafka, registry, Path.of(arguments[3]));
      AnalysisDefinition definition = JobFixture.definition(arguments[0], AnalysisOverrides.none());
      List<ConfigurationProblem> problems = new ArrayList<>();
      SchemaIds schemas =
          new Readiness(definition, settings, Readiness.Permissions.NONE)
              .establish(problems)
              .orElseThrow(() -> new ConfigurationException(problems));
      JobRun run =
          JobRun.start(
              new AnalysisJob(
                  definition, settings, TinyEngine.source(Path.of(arguments[4])), schemas),
              new JobRun.Restore.Latest());
      System.out.println(RESTORED + run.restoredFrom().orElse("nothing"));
      run.result().join();
    }
  }
}
