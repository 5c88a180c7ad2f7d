package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.cluster.JobTarget;
import io.kaiseki.pipelines.cluster.ShellWords;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts a Flink cluster of its own for a job on Kubernetes, by Flink's own command, which brings
 * all that knows Kubernetes.
 */
final class KubernetesStart {

  private final AnalysisOptions options;
  private final StartOptions start;

  KubernetesStart(AnalysisOptions options, StartOptions start) {
    this.options = options;
    this.start = start;
  }

  /**
   * Runs the line that {@code --print-submit} shows; its output is this process' output.
   *
   * @return the exit code of Flink's command
   */
  int run(PrintWriter out) throws IOException, InterruptedException {
    SubmitLine submit = new SubmitLine(new JobTarget.Kubernetes(), options, start);
    List<String> line = new ArrayList<>(submit.words());
    line.set(
        0,
        flink(Optional.ofNullable(System.getenv("FLINK_HOME")))
            .orElseThrow(() -> new ConfigurationException(List.of(noFlink())))
            .toString());
    submit.leftOut().forEach(out::println);
    out.println(ShellWords.shown(line));
    out.flush();
    return new ProcessBuilder(line).inheritIO().start().waitFor();
  }

  /** Flink's command in its home; empty where there is none. */
  static Optional<Path> flink(Optional<String> home) {
    return home.map(directory -> Path.of(directory, "bin", "flink")).filter(Files::isExecutable);
  }

  private static ConfigurationProblem noFlink() {
    return new ConfigurationProblem(
        "FLINK_HOME",
        Optional.ofNullable(System.getenv("FLINK_HOME")).orElse(""),
        "holds no bin/flink; unpack Flink's distribution and let FLINK_HOME name it, or apply the"
            + " manifests in docker/kubernetes instead");
  }
}
