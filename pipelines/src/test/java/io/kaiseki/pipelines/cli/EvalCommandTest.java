package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {

  @TempDir Path directory;

  @Test
  void other_documents_on_the_same_lines_as_those_of_an_earlier_run_are_told_before_the_run()
      throws IOException {
    CommandFixture ran = againstLineTwo("{\"id\": \"line-2\", \"text\": \"00ab\", \"fields\": {}}");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("before.json: has no document in common with these labels");
  }

  @Test
  void an_earlier_run_that_knows_no_texts_is_compared_by_ids() throws IOException {
    CommandFixture ran = againstLineTwo("{\"id\": \"line-2\", \"fields\": {}}");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--model").doesNotContain("--against");
  }

  /** Without a model, so that nothing runs. */
  private CommandFixture againstLineTwo(String prediction) throws IOException {
    Path labels =
        Files.writeString(directory.resolve("labels.csv"), "text,intent\nhello,card_arrival\n");
    Path before =
        Files.writeString(
            directory.resolve("before.json"), "{\"predictions\": [" + prediction + "]}");
    return CommandFixture.run(
        "eval",
        "./analyses/bank-intent",
        "--model=/no/such/model.gguf",
        "--labels=" + labels,
        "--against=" + before);
  }
}
