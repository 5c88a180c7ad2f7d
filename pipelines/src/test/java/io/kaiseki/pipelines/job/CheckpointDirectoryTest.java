package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeliverySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDirectoryTest {

  @TempDir Path directory;
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  @Test
  void one_that_could_be_made_is_not_made_by_looking() {
    Path wanted = directory.resolve("some where").resolve("checkpoints");

    at(wanted).probe(problems);

    assertThat(problems).isEmpty();
    assertThat(directory).isEmptyDirectory();

    at(wanted).make(problems);

    assertThat(problems).isEmpty();
    assertThat(wanted).isDirectory();
    at(wanted).probe(problems);
    assertThat(problems).isEmpty();
  }

  @Test
  void one_below_a_file_can_not_be_made() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    at(file).probe(problems);
    at(file.resolve("checkpoints")).probe(problems);

    assertThat(problems)
        .hasSize(2)
        .allSatisfy(
            problem ->
                assertThat(problem.toString())
                    .startsWith("job.checkpoints = file:")
                    .contains("can't be created"));
  }

  @Test
  void one_in_a_store_that_flink_does_not_know_is_a_problem_without_making_it() {
    new CheckpointDirectory("nowhere://bucket/checkpoints").probe(problems);

    assertThat(problems)
        .singleElement()
        .satisfies(problem -> assertThat(problem.remedy()).contains("no file system"));
  }

  private static CheckpointDirectory at(Path path) {
    return new CheckpointDirectory(DeliverySettings.address(path));
  }
}
