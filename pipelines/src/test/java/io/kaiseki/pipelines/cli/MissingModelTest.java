package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An analysis names a model file that is not on this machine, and nobody needs it. */
class MissingModelTest {

  @TempDir Path directory;
  private String analysis = "";

  @BeforeEach
  void writeAnalysis() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("letters"));
    Files.writeString(
        folder.resolve("analysis.yaml"),
        """
        topics:
          documents: letters
          results: letters.read
          dead-letters: letters.dead
        model:
          file: gone.gguf
        """);
    Files.writeString(folder.resolve("instructions.md"), "Say whether it is a complaint.");
    Files.writeString(
        folder.resolve("result.avsc"),
        """
        {"type": "record", "name": "Letter", "fields": [{"name": "complaint", "type": "boolean"}]}
        """);
    analysis = folder.toString();
  }

  @Test
  void a_bench_of_the_analysis_measures_the_model_that_it_is_given() throws IOException {
    BenchSubject subject = new BenchSubject();
    subject.workload = "triage";
    subject.analysis = analysis;
    subject.from =
        List.of(Files.writeString(directory.resolve("letter.txt"), "I have to complain."));
    OptionProblems problems = new OptionProblems();

    subject.check(false, problems);

    assertThat(problems.all()).isEmpty();
    assertThat(subject.workload().analysis().instructions()).contains("complaint");
  }

  @Test
  void its_schema_is_printed_all_the_same() {
    CommandFixture ran = CommandFixture.run("schema", "print", analysis);

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("\"complaint\"");
  }

  @Test
  void what_answers_look_like_is_known_all_the_same() {
    AnalysisChoice choice = new AnalysisChoice();
    choice.analysis = analysis;

    assertThat(choice.contract().orElseThrow().schema().getField("complaint")).isNotNull();
  }
}
