package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillCommandTest {

  @TempDir Path directory;

  @Test
  void everything_that_is_wrong_is_told_together_and_nothing_is_started() {
    CommandFixture ran =
        backfill(
            "--from=" + directory.resolve("nowhere"),
            "--from-offset=3",
            "--format=docx",
            "--charset=UTF-16",
            "--run=Not A Name",
            "--model=/no/such/model.gguf",
            "--report=/no/such/folder/report.json");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("7 settings are wrong")
        .contains("--from = " + directory.resolve("nowhere") + ": no such file or folder")
        .contains("--from-offset = 3: is for topics")
        .contains("--format = docx: expected one of jsonl, csv, text")
        .contains("--charset = UTF-16")
        .contains("--run = Not A Name")
        .contains("--model = /no/such/model.gguf")
        .contains("--report = /no/such/folder/report.json");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void options_of_files_do_not_fit_a_topic_and_two_beginnings_not_each_other() {
    CommandFixture ran =
        backfill(
            "--from=topic:letters",
            "--text=body",
            "--from-offset=-1",
            "--from-time=yesterday",
            "--dry-run");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--text = body: is for files")
        .contains("--from-time = yesterday: given besides --from-offset")
        .contains("--from-offset = -1: expected a whole number from 0 on")
        .contains("--from-time = yesterday: expected a time");
  }

  @Test
  void a_source_must_be_named() {
    assertThat(backfill().err()).contains("--from: missing; name a file, a folder or topic:NAME");
  }

  @Test
  void an_unset_variable_as_a_source_is_not_taken_for_the_current_directory() {
    CommandFixture ran = backfill("--from", "", "--from", " ", "--dry-run");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("2 settings are wrong")
        .contains("--from: empty; name a file, a folder or topic:NAME");
  }

  @Test
  void bounds_of_a_topic_that_are_swapped_or_the_same_are_no_run_of_no_documents() {
    CommandFixture swapped =
        backfill("--from=topic:letters", "--from-offset=8", "--to-offset=3", "--dry-run");
    CommandFixture same =
        backfill("--from=topic:letters", "--from-offset=8", "--to-offset=8", "--dry-run");

    assertThat(swapped.exitCode()).isEqualTo(2);
    assertThat(swapped.err())
        .contains("--from-offset = 8: is not before --to-offset = 3")
        .contains("swap them or change one");
    assertThat(same.exitCode()).isEqualTo(2);
    assertThat(same.err()).contains("--from-offset = 8: is not before --to-offset = 8");
  }

  @Test
  void times_are_compared_as_moments_whatever_their_zones_look_like() {
    CommandFixture ran =
        backfill(
            "--from=topic:letters",
            "--from-time=2026-01-31T08:00:00Z",
            "--to-time=2026-01-31T09:00:00+01:00",
            "--dry-run");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains(
            "--from-time = 2026-01-31T08:00:00Z: is not before"
                + " --to-time = 2026-01-31T09:00:00+01:00");
  }

  @Test
  void a_dry_run_counts_documents_and_needs_no_services() throws IOException {
    Files.writeString(directory.resolve("a.csv"), "id,text\n1,one\n2,two\n");
    Files.writeString(directory.resolve("b.txt"), "three");
    Files.writeString(directory.resolve("c.docx"), "other");

    CommandFixture ran = backfill("--from=" + directory, "--dry-run");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .contains("Found 3 documents in 2 files")
        .contains("Passed over: 1 .docx")
        .contains("would analyse 3 documents")
        .contains("tickets.triaged")
        .contains("Nothing is done");
  }

  @Test
  void a_column_that_no_file_has_is_told_before_anything_starts() throws IOException {
    Files.writeString(directory.resolve("a.csv"), "id,text\n1,one\n");

    CommandFixture ran = backfill("--from=" + directory, "--text=body", "--dry-run");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("body").contains("a.csv");
  }

  @Test
  void the_same_command_is_the_same_run_and_another_one_is_not() throws IOException {
    Files.writeString(directory.resolve("a.csv"), "id,text\n1,one\n");

    String run = runName("--from=" + directory);

    assertThat(run).startsWith("backfill-ticket-triage-");
    assertThat(runName("--from=" + directory + "/../" + directory.getFileName())).isEqualTo(run);
    assertThat(runName("--from=" + directory, "--again")).isNotEqualTo(run);
    assertThat(runName("--from=" + directory.resolve("a.csv"))).isNotEqualTo(run);
    assertThat(runName("--from=" + directory, "--run=mine")).isEqualTo("mine");
  }

  @Test
  void a_run_does_not_take_the_name_of_the_streaming_job() throws IOException {
    Files.writeString(directory.resolve("a.csv"), "id,text\n1,one\n");

    CommandFixture ran =
        backfill("--from=" + directory, "--run=kaiseki-ticket-triage", "--dry-run");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--run = kaiseki-ticket-triage: is the name of the streaming job");
  }

  private static String runName(String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("--dry-run");
    String out = backfill(arguments.toArray(String[]::new)).out();
    return out.replaceAll("(?s).*Run (\\S+) would.*", "$1");
  }

  private static CommandFixture backfill(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "backfill",
                "ticket-triage",
                "--bootstrap=127.0.0.1:1",
                "--registry=http://127.0.0.1:1"));
    arguments.addAll(List.of(options));
    return CommandFixture.run(arguments.toArray(String[]::new));
  }
}
