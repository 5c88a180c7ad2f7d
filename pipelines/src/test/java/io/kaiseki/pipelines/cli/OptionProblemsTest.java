package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptionProblemsTest {

  @TempDir Path directory;
  private final OptionProblems problems = new OptionProblems();

  @Test
  void files_that_can_be_written_are_no_problem() throws IOException {
    problems.checkWritable("--report", directory.resolve("new.json"));
    problems.checkWritable("--html", Files.createFile(directory.resolve("old.html")));
    problems.checkWritable("--plot", null);

    assertThat(problems.all()).isEmpty();
  }

  @Test
  void a_directory_is_no_file_to_write() {
    problems.checkWritable("--report", directory);

    assertThat(problems.all())
        .singleElement()
        .hasToString("--report = " + directory + ": is a directory; name a file");
  }

  @Test
  void a_file_that_is_there_and_cannot_be_written_is_told_before_anything_runs()
      throws IOException {
    Path file = Files.createFile(directory.resolve("report.json"));
    // By its word: nothing is read-only to root, which builds may be run by.
    OptionProblems readOnly = new OptionProblems(path -> !path.equals(file));

    readOnly.checkWritable("--report", file);

    assertThat(readOnly.all())
        .singleElement()
        .hasToString("--report = " + file + ": is there and can't be written; name another file");
  }

  @Test
  void a_directory_that_takes_no_new_file_is_told_before_anything_runs() {
    Path file = directory.resolve("report.json");
    OptionProblems readOnly = new OptionProblems(path -> !path.equals(directory));

    readOnly.checkWritable("--report", file);

    assertThat(readOnly.all())
        .singleElement()
        .hasToString("--report = " + file + ": its directory can't be written");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_pipe_or_a_terminal_is_written_to_as_it_is_wherever_it_stands() {
    Path special = Path.of("/dev/null");
    OptionProblems ofAnybody = new OptionProblems(path -> !path.equals(special.getParent()));

    ofAnybody.checkWritable("--report", special);

    assertThat(ofAnybody.all()).isEmpty();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_device_that_cannot_be_written_is_told() {
    OptionProblems readOnly = new OptionProblems(path -> false);

    readOnly.checkWritable("--report", Path.of("/dev/null"));

    assertThat(readOnly.all())
        .singleElement()
        .hasToString("--report = /dev/null: is there and can't be written; name another file");
  }

  @Test
  void two_options_that_name_one_file_are_told_however_it_is_spelled() {
    Path file = directory.resolve("report");
    Path again = directory.resolve("folder").resolve("..").resolve("report");

    problems.checkWritable("--report", file);
    problems.checkWritable("--html", again);

    assertThat(problems.all())
        .singleElement()
        .hasToString("--html = " + again + ": is the file of --report too; name another");
  }

  @ParameterizedTest
  @MethodSource("commandsThatReportAtTheirEnd")
  void a_report_that_could_not_be_written_is_told_with_whatever_else_is_wrong_before_anything_runs(
      List<String> commandWithAnotherProblem, String otherProblem) {
    List<String> arguments = new ArrayList<>(commandWithAnotherProblem);
    arguments.add("--report=" + directory);

    CommandFixture ran = CommandFixture.run(arguments.toArray(String[]::new));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--report = " + directory + ": is a directory; name a file")
        .contains(otherProblem);
    assertThat(ran.out()).isEmpty();
  }

  static List<Arguments> commandsThatReportAtTheirEnd() {
    return List.of(
        arguments(List.of("backfill", "ticket-triage", "--partitions=0"), "--partitions = 0"),
        arguments(List.of("deadletters", "ticket-triage", "--limit=0"), "--limit = 0"),
        arguments(List.of("redrive", "ticket-triage", "--limit=0"), "--limit = 0"),
        arguments(List.of("demo", "--port=70000"), "--port = 70000"));
  }

  @Test
  void a_bench_and_an_evaluation_refuse_one_file_for_two_outputs() {
    String file = directory.resolve("both").toString();

    assertThat(
            CommandFixture.run("bench", "--shape=tiny", "--report=" + file, "--plot=" + file).err())
        .contains("--plot = " + file + ": is the file of --report too");
    assertThat(
            CommandFixture.run("eval", "ticket-triage", "--report=" + file, "--html=" + file).err())
        .contains("--html = " + file + ": is the file of --report too");
  }
}
