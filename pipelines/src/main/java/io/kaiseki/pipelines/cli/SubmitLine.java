package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.cluster.JobTarget;
import io.kaiseki.pipelines.cluster.ShellWords;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobKeys;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.Secrets;
import io.kaiseki.pipelines.embedded.Installation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * The line that submits a job by Flink's own command. It holds what options and variables of this
 * environment say, since the job may read its settings in another one. A secret is left out,
 * because arguments of programs can be seen by others; what is printed with the line says which
 * variable takes its place.
 */
final class SubmitLine {

  /** Where the image has the jar. */
  private static final String JAR_IN_IMAGE = "local:///opt/flink/usrlib/kaiseki-job.jar";

  /** As the deployment files build it; without a tag, Kubernetes would look for the latest. */
  private static final String IMAGE = "kaiseki-flink:0.1.0";

  private final JobTarget target;
  private final AnalysisOptions options;
  private final StartOptions start;

  SubmitLine(JobTarget target, AnalysisOptions options, StartOptions start) {
    this.target = target;
    this.options = options;
    this.start = start;
  }

  /**
   * Prints it.
   *
   * @throws ConfigurationException if the job could not be submitted so
   */
  int print(PrintWriter out) {
    List<String> words = words();
    leftOut().forEach(hint -> out.println("# " + hint));
    out.println(ShellWords.shown(words));
    out.flush();
    return ExitCode.OK;
  }

  /**
   * It, word by word.
   *
   * @throws ConfigurationException if the job could not be submitted so
   */
  List<String> words() {
    List<ConfigurationProblem> problems = new ArrayList<>();
    AnalysisOptions.Configured configured = options.readToRunElsewhere(problems);
    ConfigurationException.throwIfAny(problems);
    List<String> words = new ArrayList<>(flink(configured.job().settings().orElseThrow()));
    words.addAll(program());
    return words;
  }

  private List<String> flink(JobSettings settings) {
    if (target instanceof JobTarget.Session session) {
      return List.of(
          "flink",
          "run",
          "--detached",
          "--jobmanager",
          session.address(),
          "--parallelism",
          String.valueOf(settings.parallelism()),
          Installation.jobJar().toString());
    }
    if (target instanceof JobTarget.Kubernetes) {
      return List.of(
          "flink",
          "run",
          "--target",
          "kubernetes-application",
          "-Dkubernetes.cluster-id=" + settings.name(),
          "-Dkubernetes.container.image.ref=" + IMAGE,
          "-Dparallelism.default=" + settings.parallelism(),
          JAR_IN_IMAGE);
    }
    throw new ConfigurationException(
        List.of(
            new ConfigurationProblem(
                "--target",
                "local",
                "a job in this process is not submitted; expected flink:HOST:PORT or"
                    + " kubernetes")));
  }

  private List<String> program() {
    List<String> words = new ArrayList<>(List.of(options.analysis));
    if (options.config != null) {
      words.addAll(List.of("--config", absolute(options.config)));
    }
    add(words, "--model", options.model);
    add(words, "--bootstrap", options.bootstrap);
    add(words, "--registry", options.registry);
    add(words, "--delivery", options.delivery);
    settings()
        .forEach(
            (key, value) -> {
              if (!Secrets.isSecret(key)) {
                words.addAll(List.of("-s", key + "=" + value));
              }
            });
    words.addAll(start.words());
    return words;
  }

  /** Which secrets are left out of the line, and how the job gets them. */
  List<String> leftOut() {
    return settings().keySet().stream().filter(Secrets::isSecret).map(this::hint).toList();
  }

  /** What the line has no option of its own for: as it was given, by key. */
  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(options.settings);
    // What is wrong with the sources has been told when they were checked.
    options
        .sources(new ArrayList<>())
        .forEach(
            (key, setting) -> {
              if (setting.isFromEnvironment()) {
                settings.put(key, setting.given());
              }
            });
    return settings;
  }

  /** A session's jobs read their settings where they are submitted, and others in their pod. */
  private String hint(String key) {
    String name = key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    // The OpenTelemetry SDK reads variables of its own.
    String variable = key.startsWith(JobKeys.OTEL_PREFIX) ? name : "KAISEKI_" + name;
    String hint = key + " is a secret and left out of this line; ";
    return target instanceof JobTarget.Kubernetes
        ? hint
            + "give the JobManager's pod the variable "
            + variable
            + ", in Flink's configuration by kubernetes.env.secretKeyRef or by"
            + " containerized.master.env."
            + variable
        : hint + "set " + variable + " in its environment";
  }

  private String absolute(Path file) {
    return target instanceof JobTarget.Kubernetes
        ? file.toString()
        : file.toAbsolutePath().normalize().toString();
  }

  private static void add(List<String> words, String option, @Nullable String value) {
    if (value != null) {
      words.addAll(List.of(option, value));
    }
  }
}
