package io.kaiseki.pipelines.faults;

import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import java.util.List;

/** The arguments of a command about the dead letters of a job. */
final class RedriveCommandLine {

  private RedriveCommandLine() {}

  static List<String> of(String command, JobFixture job) {
    return List.of(
        command,
        JobFixture.MOOD,
        "--bootstrap",
        ServicesExtension.kafka().bootstrapServers(),
        "--registry",
        ServicesExtension.registry().address(),
        "-s",
        "topics.documents=" + job.definition.topics().documents(),
        "-s",
        "topics.results=" + job.definition.topics().results(),
        "-s",
        "topics.dead-letters=" + job.definition.topics().deadLetters());
  }
}
