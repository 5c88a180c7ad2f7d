package io.kaiseki.pipelines.faults;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeliverySettings;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A job in a process of its own, to be killed. */
final class KilledJob {

  /** System property of the process: milliseconds. */
  static final String TRANSACTION_TIMEOUT = "kaiseki.test.transactionTimeout";

  private static final String RESTORED = "restored from ";

  private KilledJob() {}

  /**
   * Starts the process; it ends with this one. What it prints goes into the log.
   *
   * @param settings of the job, of which its name and registry are taken
   */
  static Process start(JobSettings settings, String bootstrapServers, Path checkpoints, Path log)
      throws IOException {
    return start(List.of(), settings, bootstrapServers, checkpoints, log);
  }

  /** Starts the process behind a command that replaces itself by the rest of its arguments. */
  static Process start(
      List<String> prefix,
      JobSettings settings,
      String bootstrapServers,
      Path checkpoints,
      Path log)
      throws IOException {
    return start(prefix, Main.class, List.of(), settings, bootstrapServers, checkpoints, log);
  }

  /**
   * Starts the process with another main class and further options of the JVM. Its journal of
   * crashes is kept beside the checkpoints, in {@link #journal}.
   *
   * @param prefix a command that replaces itself by the rest of its arguments
   */
  static Process start(
      List<String> prefix,
      Class<?> main,
      List<String> options,
      JobSettings settings,
      String bootstrapServers,
      Path checkpoints,
      Path log)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j2.configurationFile=log4j2-process.xml",
            "-Dkaiseki.journal=" + journal(checkpoints)));
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            classPath(),
            Lifeline.class.getName(),
            main.getName(),
            settings.name(),
            bootstrapServers,
            settings.registry().address(),
            checkpoints.toString(),
            TinyModel.file().toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** The journals of a job with these checkpoints. */
  static Path journal(Path checkpoints) {
    return checkpoints.resolveSibling(checkpoints.getFileName() + "-journal");
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
      run(arguments, TinyEngine.source(Path.of(arguments[4])));
    }

    static void run(String[] arguments, EngineSource engine) {
      KafkaSettings kafka = KafkaSettings.plain(arguments[1]);
      RegistrySettings registry = RegistrySettings.of(arguments[2]);
      JobSettings settings = settings(arguments[0], kafka, registry, Path.of(arguments[3]));
      AnalysisDefinition definition = JobFixture.definition(arguments[0], AnalysisOverrides.none());
      List<ConfigurationProblem> problems = new ArrayList<>();
      SchemaIds schemas =
          new Readiness(definition, settings, Readiness.Permissions.NONE)
              .establish(problems)
              .orElseThrow(() -> new ConfigurationException(problems));
      JobRun run =
          JobRun.start(
              new AnalysisJob(definition, settings, engine, schemas), new JobRun.Restore.Latest());
      System.out.println(RESTORED + run.restoredFrom().orElse("nothing"));
      run.result().join();
    }

    /** Those of every test's job, but for a transaction timeout that a test wants shorter. */
    private static JobSettings settings(
        String name, KafkaSettings kafka, RegistrySettings registry, Path checkpoints) {
      JobSettings usual = JobFixture.settings(name, kafka, registry, checkpoints);
      DeliverySettings delivery = usual.delivery();
      return new JobSettings(
          name,
          kafka,
          registry,
          new DeliverySettings(
              delivery.guarantee(),
              delivery.checkpoints(),
              delivery.checkpointInterval(),
              delivery.checkpointTimeout(),
              Duration.ofMillis(
                  Long.getLong(TRANSACTION_TIMEOUT, delivery.transactionTimeout().toMillis()))),
          usual.restart(),
          usual.parallelism());
    }
  }
}
