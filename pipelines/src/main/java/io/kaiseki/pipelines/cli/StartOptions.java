package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.Readiness;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say how a streaming job begins. */
final class StartOptions {

  @Option(names = "--create-topics", description = "Create topics that do not exist.")
  private boolean createTopics;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "1",
      description = "Partitions of topics that are created; default ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(names = "--auto-register", description = "Register schemas that are not registered.")
  private boolean autoRegister;

  @Option(
      names = "--restore",
      paramLabel = "CHECKPOINT",
      defaultValue = "latest",
      description =
          "latest, none, or the address of a checkpoint or savepoint; default ${DEFAULT-VALUE}.")
  private String restore = "latest";

  /** What may be changed to become ready. */
  Readiness.Permissions permissions() {
    return new Readiness.Permissions(createTopics, partitions, autoRegister);
  }

  /** These options again, as words of a command line. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    if (createTopics) {
      words.addAll(List.of("--create-topics", "--partitions", String.valueOf(partitions)));
    }
    if (autoRegister) {
      words.add("--auto-register");
    }
    words.addAll(List.of("--restore", restore));
    return words;
  }

  /** What the job begins from. */
  JobRun.Restore restore() {
    return JobRun.Restore.of(restore);
  }
}
