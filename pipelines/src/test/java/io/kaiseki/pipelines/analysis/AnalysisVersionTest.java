package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalysisVersionTest {

  @TempDir Path directory;
  private FolderFixture folder;
  private String before;

  @BeforeEach
  void write_a_valid_folder() {
    folder = new FolderFixture(directory);
    before = folder.load().version();
  }

  @Test
  void it_is_the_same_on_every_machine_and_in_every_release_of_the_same_format() {
    assertThat(before)
        .isEqualTo("2308230cf2ea8f3c355059519744fd7ec78f8528352c76d4a51fe373767fbea1");
  }

  @Test
  void another_word_in_the_instructions_changes_it() {
    folder.write("instructions.md", "Say whether the letter is a request.\n");

    assertThat(folder.load().version()).isNotEqualTo(before);
  }

  @Test
  void line_ends_and_blanks_that_no_editor_shows_do_not_change_it() {
    folder.write("instructions.md", "\uFEFF\r\nSay whether the letter is a complaint.  \r\n\r\n");

    assertThat(folder.load().version()).isEqualTo(before);
  }

  @Test
  void another_doc_in_the_schema_changes_it() {
    folder.write("result.avsc", FolderFixture.SCHEMA.replace("for a complaint", "if annoyed"));

    assertThat(folder.load().version()).isNotEqualTo(before);
  }

  @Test
  void another_bound_in_the_schema_changes_it() {
    folder.write("result.avsc", FolderFixture.SCHEMA.replace("80", "81"));

    assertThat(folder.load().version()).isNotEqualTo(before);
  }

  @Test
  void another_order_of_the_fields_changes_it() {
    folder.write(
        "result.avsc",
        """
        {"type": "record", "name": "Letter", "namespace": "test", "fields": [
          {"name": "reason", "type": "string", "maxLength": 80},
          {"name": "complaint", "type": "boolean", "doc": "true for a complaint"}
        ]}
        """);

    assertThat(folder.load().version()).isNotEqualTo(before);
  }

  @Test
  void another_layout_of_the_answer_changes_it() {
    folder.settings("answer:\n  layout: array\n");

    assertThat(folder.load().version()).isNotEqualTo(before);
  }

  @Test
  void the_layout_of_the_schema_file_does_not_change_it() {
    folder.write(
        "result.avsc",
        """
        {"namespace": "test", "name": "Letter", "type": "record", "fields": [
          {"doc": "true for a complaint", "type": "boolean", "name": "complaint"},
          {"maxLength": 80, "name": "reason", "type": "string"}]}
        """);

    assertThat(folder.load().version()).isEqualTo(before);
  }

  @Test
  void reasoning_and_its_budget_change_it() {
    String thinking = folder.settings("reasoning: {policy: always, budget: 64}\n").load().version();
    String longer = folder.settings("reasoning: {policy: always, budget: 65}\n").load().version();

    assertThat(thinking).isNotEqualTo(before).isNotEqualTo(longer);
  }

  @Test
  void what_is_no_part_of_the_question_does_not_change_it() throws IOException {
    Files.createFile(folder.path().resolve("m.gguf"));
    folder.settings(
        """
        name: other
        title: Another title
        model: {file: m.gguf, slots: 2}
        limits: {deadline: 5s}
        ordered: true
        """);

    assertThat(folder.load().version()).isEqualTo(before);
  }
}
