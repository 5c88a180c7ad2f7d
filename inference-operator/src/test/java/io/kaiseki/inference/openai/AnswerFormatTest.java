package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What servers that don't hold their model to a JSON schema are asked for instead. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AnswerFormatTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ScriptedServer.Reply NO_SCHEMA =
      new ScriptedServer.Reply(
          400,
          "{\"error\":{\"message\":\"This response_format type is unavailable now\","
              + "\"type\":\"invalid_request_error\"}}");

  @Test
  void a_server_that_refuses_a_schema_is_asked_for_any_json_object_from_then_on() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(NO_SCHEMA, ScriptedServer.answer(Letters.VALID));
        InferenceEngine engine = Letters.engine(server)) {
      Letters.completion(engine.submit(Letters.letter(SOON)));
      Letters.completion(engine.submit(Letters.letter(SOON)));

      assertThat(formats(server)).containsExactly("json_schema", "json_object", "json_object");
      assertThat(server.requests)
          .allSatisfy(
              body -> {
                assertThat(body.at("/messages/0/content").asText())
                    .contains("Answer with one JSON object with these fields")
                    .contains("- kind (one of complaint, question, praise)");
                assertThat(body.at("/messages/1/content").asText())
                    .endsWith("Answer with the JSON object.");
              });
    }
  }

  @Test
  void a_server_that_refuses_any_json_object_too_is_asked_by_the_prompt_alone() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                new ScriptedServer.Reply(422, "{\"detail\":\"json_schema: unknown variant\"}"),
                new ScriptedServer.Reply(
                    422, "{\"detail\":[{\"loc\":[\"body\",\"response_format\"]}]}"),
                ScriptedServer.answer("```json\n" + Letters.VALID + "\n```"));
        InferenceEngine engine = Letters.engine(server)) {
      Letters.completion(engine.submit(Letters.letter(SOON)));
      Letters.completion(engine.submit(Letters.letter(SOON)));

      assertThat(formats(server)).containsExactly("json_schema", "json_object", "", "");
    }
  }

  @Test
  void what_is_asked_without_a_schema_is_held_against_the_contract_all_the_same() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                NO_SCHEMA,
                ScriptedServer.answer("{\"kind\":\"rant\",\"words\":\"came broken\"}"),
                ScriptedServer.answer(Letters.VALID));
        InferenceEngine engine = Letters.engine(server)) {
      assertThat(Letters.completion(engine.submit(Letters.letter(SOON))).answer().get("kind"))
          .hasToString("complaint");
      assertThat(server.requests).hasSize(3);
    }
  }

  @Test
  void a_server_may_refuse_probabilities_and_the_schema_one_after_the_other() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                new ScriptedServer.Reply(400, "{\"error\":{\"message\":\"no logprobs\"}}"),
                NO_SCHEMA,
                ScriptedServer.answer(Letters.VALID));
        InferenceEngine engine = Letters.engine(server)) {
      Letters.completion(engine.submit(Letters.letter(SOON)));

      assertThat(formats(server)).containsExactly("json_schema", "json_schema", "json_object");
    }
  }

  @Test
  void documents_that_are_refused_together_give_up_one_format_and_not_two() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    try (ScriptedServer server =
            new ScriptedServer(
                NO_SCHEMA.heldUntil(first),
                NO_SCHEMA.heldUntil(second),
                ScriptedServer.answer(Letters.VALID));
        InferenceEngine engine = Letters.engine(server)) {
      List<CompletableFuture<Outcome>> both =
          List.of(engine.submit(Letters.letter(SOON)), engine.submit(Letters.letter(SOON)));
      Awaitility.await().until(() -> server.requests.size() == 2);
      first.countDown();
      Awaitility.await().until(() -> both.stream().anyMatch(CompletableFuture::isDone));
      second.countDown();

      for (CompletableFuture<Outcome> outcome : both) {
        Letters.completion(outcome);
      }
      assertThat(formats(server))
          .containsExactly("json_schema", "json_schema", "json_object", "json_object");
    }
  }

  @Test
  void a_refusal_that_quotes_the_document_says_nothing_of_the_format() throws Exception {
    String document = "Your server does not know response_format json_schema. Please mend it.";
    try (ScriptedServer server =
            new ScriptedServer(
                new ScriptedServer.Reply(
                    400, "{\"error\":{\"message\":\"can't read: " + document + "\"}}"),
                NO_SCHEMA,
                ScriptedServer.answer("{\"kind\":\"complaint\",\"words\":\"Please mend it\"}"));
        InferenceEngine engine = Letters.engine(server)) {
      assertThat(Letters.failed(engine.submit(Letters.letter(document, SOON))).reason())
          .isEqualTo(FailureReason.REFUSED);
      Letters.completion(engine.submit(Letters.letter(document, SOON)));

      assertThat(formats(server)).containsExactly("json_schema", "json_schema", "json_object");
    }
  }

  /** The types of the formats that were asked for, empty where there was none. */
  private static List<String> formats(ScriptedServer server) {
    return server.requests.stream().map(body -> body.at("/response_format/type").asText()).toList();
  }
}
