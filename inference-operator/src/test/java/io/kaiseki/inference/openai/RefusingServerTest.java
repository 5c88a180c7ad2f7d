package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are well but serve nobody: no key, no balance, no right to the model, no model. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class RefusingServerTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ScriptedServer.Reply NO_BALANCE = refusal(402, "Insufficient Balance");

  @ParameterizedTest
  @ValueSource(ints = {401, 402, 403, 404})
  void a_server_that_refuses_to_serve_is_left_alone_and_others_take_its_documents(int status)
      throws Exception {
    try (ScriptedServer refusing = new ScriptedServer(refusal(status, "no"));
        ScriptedServer other = new ScriptedServer(ScriptedServer.answer(Letters.VALID));
        InferenceEngine engine = Letters.engine(refusing, other)) {
      for (int i = 0; i < 6; i++) {
        Letters.completion(engine.submit(Letters.letter(SOON)));
      }

      assertThat(refusing.requests).hasSize(1);
      assertThat(other.requests).hasSize(6);
    }
  }

  @Test
  void a_document_that_no_server_serves_has_no_outcome_and_the_cause_names_the_server()
      throws Exception {
    try (ScriptedServer server = new ScriptedServer(NO_BALANCE);
        InferenceEngine engine = Letters.engine(server)) {
      assertThatThrownBy(
              () -> engine.submit(Letters.letter(Duration.ofSeconds(3))).get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(EngineUnavailableException.class)
          .hasMessageContainingAll(
              "HTTP 402 from " + server.url() + "/v1/chat/completions",
              "Insufficient Balance",
              "top up the balance");
      assertThat(server.requests).as("its list of models is served as ever").hasSize(1);
    }
  }

  @Test
  void a_server_that_is_only_down_beside_one_that_refuses_is_waited_for() throws Exception {
    try (ScriptedServer refusing = new ScriptedServer(NO_BALANCE);
        ScriptedServer down = new ScriptedServer(new ScriptedServer.Reply(503, ""));
        InferenceEngine engine = Letters.engine(refusing, down)) {
      Outcome.Failed failed = Letters.failed(engine.submit(Letters.letter(Duration.ofSeconds(3))));

      assertThat(failed.reason()).isEqualTo(FailureReason.DEADLINE);
    }
  }

  @Test
  void a_server_that_serves_again_gets_the_documents_that_waited_for_it() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(refusal(401, "no such key"), ScriptedServer.answer(Letters.VALID));
        InferenceEngine engine = Letters.engine(server)) {
      List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        waiting.add(engine.submit(Letters.letter(SOON)));
      }

      for (CompletableFuture<Outcome> outcome : waiting) {
        Letters.completion(outcome);
      }
      assertThat(server.requests)
          .filteredOn(body -> body.at("/messages/0/content").asText().equals("Hello"))
          .as("tries whether the server serves again")
          .singleElement()
          .satisfies(body -> assertThat(body.toString()).doesNotContain(Letters.DOCUMENT));
    }
  }

  @Test
  void a_server_that_goes_on_refusing_ends_the_wait_of_all_documents() throws Exception {
    try (ScriptedServer server = new ScriptedServer(refusal(404, "Model Not Exist"))) {
      OpenAiEngine engine = impatient(server);
      List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        waiting.add(engine.submit(Letters.letter(Duration.ofHours(1))));
      }

      for (CompletableFuture<Outcome> outcome : waiting) {
        assertThatThrownBy(() -> outcome.get(60, TimeUnit.SECONDS))
            .hasCauseInstanceOf(EngineUnavailableException.class)
            .hasMessageContaining("look at the endpoint's address and at the model's name, m");
      }
      assertThat(engine.statistics().slotsBusy()).isZero();
      assertThat(engine.statistics().queued()).isZero();
      engine.close();
    }
  }

  @Test
  void a_balance_that_runs_out_again_and_again_costs_no_document() throws Exception {
    ScriptedServer.Reply valid = ScriptedServer.answer(Letters.VALID);
    try (ScriptedServer server = new ScriptedServer(NO_BALANCE, valid, NO_BALANCE, valid, valid)) {
      OpenAiEngine engine = impatient(server);

      Letters.completion(engine.submit(Letters.letter(SOON)));

      assertThat(server.requests).as("three of the document and two tries").hasSize(5);
      engine.close();
    }
  }

  @Test
  void a_document_that_is_refused_while_others_are_served_is_at_fault_itself() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answer(Letters.VALID));
        InferenceEngine engine = Letters.engine(server)) {
      server.forbids = body -> body.toString().contains("DROP TABLE");
      CompletableFuture<Outcome> forbidden =
          engine.submit(Letters.letter("'; DROP TABLE letters", Duration.ofMinutes(2)));
      List<CompletableFuture<Outcome>> others = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        others.add(engine.submit(Letters.letter(SOON)));
      }

      assertThat(Letters.failed(forbidden).reason()).isEqualTo(FailureReason.REFUSED);
      for (CompletableFuture<Outcome> outcome : others) {
        Letters.completion(outcome);
      }
    }
  }

  @Test
  void a_document_that_a_provider_flags_is_refused_at_once_and_the_server_goes_on()
      throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                refusal(403, "the model requires moderation and your input was flagged"),
                ScriptedServer.answer(Letters.VALID));
        InferenceEngine engine = Letters.engine(server)) {
      assertThat(Letters.failed(engine.submit(Letters.letter(SOON))).reason())
          .isEqualTo(FailureReason.REFUSED);
      Letters.completion(engine.submit(Letters.letter(Duration.ofSeconds(3))));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 503})
  void a_key_that_a_server_echoes_stands_in_no_message(int status) throws Exception {
    String key = "planted-7c0d-key";
    // Messages are cut after 300 characters, which without the first key redacted is within it.
    String cutOff = "x".repeat(263) + key;
    ScriptedServer.Reply echo =
        new ScriptedServer.Reply(
            status,
            "{\"error\":{\"code\":\"%s\",\"message\":\"no such key: %s%s\"}}"
                .formatted(key, key, cutOff));
    try (ScriptedServer server = new ScriptedServer(echo);
        InferenceEngine engine =
            OpenAiEngine.source(OpenAiSettings.of(server.url(), "m").withKey(ApiKey.of(key)))
                .acquire()) {
      String told = told(engine.submit(Letters.letter(Duration.ofSeconds(3))));

      assertThat(server.authorizations).contains("Bearer " + key);
      assertThat(told).contains("HTTP " + status).doesNotContain("plan");
      if (status != 503) {
        assertThat(told).contains("no such key: ******xxx");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, Two boxes came broken.",
    "400, broken",
    "400, boxes came",
    "503, broken",
    "400, <b>who knows</b>"
  })
  void a_code_that_is_none_or_words_of_the_document_stands_in_no_message(int status, String code)
      throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                new ScriptedServer.Reply(status, "{\"error\":{\"code\":\"" + code + "\"}}"));
        InferenceEngine engine = Letters.engine(server)) {
      assertThat(told(engine.submit(Letters.letter(Duration.ofSeconds(3)))))
          .contains("HTTP " + status)
          .doesNotContain(code);
    }
  }

  @Test
  void a_code_of_the_servers_own_is_told() throws Exception {
    ScriptedServer.Reply reply =
        new ScriptedServer.Reply(400, "{\"error\":{\"code\":\"unsupported_value.v-2\"}}");
    try (ScriptedServer server = new ScriptedServer(reply);
        InferenceEngine engine = Letters.engine(server)) {
      assertThat(told(engine.submit(Letters.letter(SOON))))
          .endsWith("/v1/chat/completions (unsupported_value.v-2)");
    }
  }

  /** What is said of a document that gets no answer. */
  private static String told(CompletableFuture<Outcome> outcome) throws Exception {
    try {
      return Letters.failed(outcome).message();
    } catch (ExecutionException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** An engine whose pauses are over fifty times as fast. */
  private static OpenAiEngine impatient(ScriptedServer server) {
    return OpenAiEngine.start(
        OpenAiSettings.of(server.url(), "m").withSlots(4), () -> 50 * System.nanoTime());
  }

  private static ScriptedServer.Reply refusal(int status, String message) {
    return new ScriptedServer.Reply(status, "{\"error\":{\"message\":\"" + message + "\"}}");
  }
}
