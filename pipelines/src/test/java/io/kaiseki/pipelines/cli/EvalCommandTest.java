package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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
  void an_earlier_run_without_a_field_in_common_is_told_before_the_run() throws IOException {
    CommandFixture ran =
        againstLineTwo(
            "{\"id\": \"line-2\", \"fields\": {\"topic\": {\"label\": \"card_arrival\"}}}");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("before.json: has no answer that can be judged by these labels");
  }

  @Test
  void an_earlier_run_that_knows_no_texts_is_compared_by_ids() throws IOException {
    CommandFixture ran =
        againstLineTwo(
            "{\"id\": \"line-2\", \"fields\": {\"intent\": {\"label\": \"card_arrival\"}}}");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--model").doesNotContain("--against");
  }

  @Test
  void policies_are_not_compared_on_a_server_that_takes_none() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/models",
        exchange -> {
          byte[] models = "{\"data\": [{\"id\": \"big\"}]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, models.length);
          exchange.getResponseBody().write(models);
          exchange.close();
        });
    server.start();
    try {
      String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
      CommandFixture ran =
          CommandFixture.run(
              "eval",
              "./analyses/bank-intent",
              "-smodel.endpoint=" + endpoint,
              "-smodel.name=big",
              "--labels="
                  + Files.writeString(
                      directory.resolve("labels.csv"), "text,intent\nhello,card_arrival\n"),
              "--frontier");

      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err())
          .contains(
              "1 setting is wrong", "model.endpoint = " + endpoint + "/v1: takes no reasoning");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void options_that_change_nothing_about_labels_of_the_desk_are_told_before_the_run() {
    CommandFixture ran =
        CommandFixture.run(
            "eval",
            "ticket-triage",
            "--from-feedback",
            "--text=text",
            "--id=id",
            "--title=subject",
            "--unlabelled=?",
            "--seed=2");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--text = text: has no effect with --from-feedback")
        .contains("--id = id: has no effect with --from-feedback")
        .contains("--title = subject: has no effect with --from-feedback")
        .contains("--unlabelled = ?: has no effect with --from-feedback")
        .contains("--seed = 2: has no effect without --limit");
  }

  @Test
  void a_file_and_a_sample_give_these_options_their_effect() throws IOException {
    CommandFixture ran =
        CommandFixture.run(
            "eval",
            "./analyses/bank-intent",
            "--model=/no/such/model.gguf",
            "--labels="
                + Files.writeString(
                    directory.resolve("labels.csv"), "body,intent\nhello,card_arrival\n"),
            "--text=body",
            "--limit=1",
            "--seed=2");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("1 setting is wrong", "--model");
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
