package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.telemetry.TraceContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class OpenAiEngineTest {

  private static final String VALID = Letters.VALID;
  private static final String DOCUMENT = Letters.DOCUMENT;

  @Test
  void the_contract_goes_out_as_strict_json_schema_and_comes_back_as_a_record() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answer(VALID));
        InferenceEngine engine = engine(settings(server).withKey(ApiKey.of("s3cret")))) {
      Completion completion = completion(engine.submit(request(30)));

      assertThat(completion.answer().get("kind")).hasToString("complaint");
      assertThat(completion.confidences()).as("the server gives no probabilities").isEmpty();
      assertThat(completion.usage().input()).isEqualTo(100);
      assertThat(completion.usage().answer()).isEqualTo(30);
      JsonNode body = server.requests.element();
      assertThat(body.at("/response_format/json_schema/strict").asBoolean()).isTrue();
      assertThat(body.at("/response_format/json_schema/schema/properties/kind/enum")).hasSize(3);
      assertThat(body.at("/messages/0/content").asText())
          .startsWith("Sort the letter.")
          .contains("- kind (one of complaint, question, praise)");
      assertThat(body.at("/messages/1/content").asText()).startsWith(DOCUMENT);
      assertThat(body.has("kaiseki")).as("only another Kaiseki is told more").isFalse();
      assertThat(server.authorizations).containsExactly("Bearer s3cret");
      assertThat(engine.description().contextTokens()).isEqualTo(4096);
    }
  }

  @Test
  void another_kaiseki_is_told_which_answers_are_to_be_computed() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answer(VALID))) {
      server.models = "{\"data\":[{\"id\":\"m\",\"kaiseki\":{}}]}";
      try (InferenceEngine engine = engine(settings(server))) {
        completion(engine.submit(request(30)));
        completion(engine.submit(request(30).asFresh()));
      }

      assertThat(server.requests)
          .extracting(body -> body.at("/kaiseki/fresh").toString())
          .containsExactly("", "true");
    }
  }

  @Test
  void reasoning_is_found_wherever_a_server_puts_it() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                ScriptedServer.answer("<think>\nhm {\n</think>\n\n```json\n" + VALID + "\n```"),
                ScriptedServer.answer(
                    VALID, reply -> message(reply).put("reasoning_content", "hm")),
                ScriptedServer.answer(
                    VALID,
                    reply -> {
                      message(reply).put("reasoning", "hm");
                      ((ObjectNode) reply.get("usage"))
                          .putObject("completion_tokens_details")
                          .put("reasoning_tokens", 20);
                    }));
        InferenceEngine engine = engine(settings(server))) {
      assertThat(completion(engine.submit(request(30))).reasoning()).isEqualTo("hm {");
      assertThat(completion(engine.submit(request(30))).reasoning()).isEqualTo("hm");
      Completion third = completion(engine.submit(request(30)));
      assertThat(third.reasoning()).isEqualTo("hm");
      assertThat(third.usage().reasoning()).isEqualTo(20);
      assertThat(third.usage().answer()).isEqualTo(10);
    }
  }

  @Test
  void an_answer_that_breaks_the_contract_is_asked_again_and_told_why() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                ScriptedServer.answer("{\"kind\":\"rant\",\"words\":\"broken boxes\"}"),
                ScriptedServer.answer(VALID));
        InferenceEngine engine = engine(settings(server))) {
      Completion completion = completion(engine.submit(request(30)));

      assertThat(completion.usage().answer()).as("both answers cost").isEqualTo(60);
      JsonNode again = new ArrayList<>(server.requests).get(1);
      assertThat(again.at("/messages")).hasSize(4);
      assertThat(again.at("/messages/3/content").asText())
          .contains("kind must be one of complaint, question, praise")
          .contains("words must stand in the document exactly so");
    }
  }

  @Test
  void answers_that_go_on_breaking_the_contract_fail_the_document() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answer("I can't."));
        InferenceEngine engine = engine(settings(server))) {
      Outcome.Failed failed = failed(engine.submit(request(30)));

      assertThat(failed.reason()).isEqualTo(FailureReason.INVALID_ANSWER);
      assertThat(failed.message()).contains("after 3 answers of m").contains("no JSON");
      assertThat(server.requests).hasSize(3);
    }
  }

  @Test
  void what_passes_is_tried_again_and_the_server_says_when() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                new ScriptedServer.Reply(429, Map.of("Retry-After", "1"), "{}"),
                new ScriptedServer.Reply(500, "oops"),
                new ScriptedServer.Reply(200, "<html>"),
                ScriptedServer.answer(VALID));
        InferenceEngine engine = engine(settings(server))) {
      long start = System.nanoTime();
      completion(engine.submit(request(30)));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
      assertThat(server.requests).hasSize(4);
    }
  }

  @Test
  void the_trace_of_a_request_goes_to_the_server_with_every_try() throws Exception {
    TraceContext caller =
        new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "shop=7");
    try (ScriptedServer server =
            new ScriptedServer(
                new ScriptedServer.Reply(500, "oops"),
                ScriptedServer.answer("I can't."),
                ScriptedServer.answer(VALID));
        InferenceEngine engine = engine(settings(server))) {
      completion(caller.toContext().wrapSupplier(() -> engine.submit(request(30))).get());
      completion(engine.submit(request(30)));

      assertThat(server.traces).containsExactly(caller, caller, caller, TraceContext.NONE);
    }
  }

  @Test
  void a_request_whose_next_try_would_be_late_ends_at_once_and_names_the_cause() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(new ScriptedServer.Reply(429, Map.of("Retry-After", "3600"), "{}"));
        InferenceEngine engine = engine(settings(server))) {
      Outcome.Failed failed = failed(engine.submit(request(30)));

      assertThat(failed.reason()).isEqualTo(FailureReason.DEADLINE);
      assertThat(failed.message()).contains("HTTP 429").contains("limits.deadline");
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void what_will_never_pass_is_told_at_once_without_the_documents_words() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                new ScriptedServer.Reply(
                    400, "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"4097\"}}"),
                new ScriptedServer.Reply(
                    400, "{\"error\":{\"message\":\"can't read: " + DOCUMENT + "\"}}"));
        InferenceEngine engine = engine(settings(server))) {
      assertThat(failed(engine.submit(request(30))).reason()).isEqualTo(FailureReason.TOO_LONG);
      Outcome.Failed refused = failed(engine.submit(request(30)));
      assertThat(refused.reason()).isEqualTo(FailureReason.REFUSED);
      assertThat(refused.message()).contains("HTTP 400").doesNotContain("broken");
    }
  }

  @Test
  void a_server_that_refuses_to_give_probabilities_is_asked_without() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                new ScriptedServer.Reply(
                    400, "{\"error\":{\"message\":\"logprobs is not supported here\"}}"),
                ScriptedServer.answer(VALID));
        InferenceEngine engine = engine(settings(server))) {
      completion(engine.submit(request(30)));
      completion(engine.submit(request(30)));

      assertThat(server.requests)
          .extracting(body -> body.path("logprobs").asBoolean())
          .containsExactly(true, false, false);
    }
  }

  @Test
  void documents_that_a_server_refuses_together_are_all_asked_without_probabilities()
      throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    try (ScriptedServer server =
            new ScriptedServer(
                new ScriptedServer.Reply(400, "{\"detail\":\"logprobs: extra input\"}")
                    .heldUntil(first),
                new ScriptedServer.Reply(
                        400, "{\"object\":\"error\",\"message\":\"top_logprobs is too large\"}")
                    .heldUntil(second),
                ScriptedServer.answer(VALID));
        InferenceEngine engine = engine(settings(server))) {
      List<CompletableFuture<Outcome>> both =
          List.of(engine.submit(request(30)), engine.submit(request(30)));
      Awaitility.await().until(() -> server.requests.size() == 2);
      first.countDown();
      Awaitility.await().until(() -> both.stream().anyMatch(CompletableFuture::isDone));
      second.countDown();

      for (CompletableFuture<Outcome> outcome : both) {
        completion(outcome);
      }
      assertThat(server.requests)
          .extracting(body -> body.path("logprobs").asBoolean())
          .containsExactly(true, true, false, false);
    }
  }

  @Test
  void probabilities_of_tokens_become_the_confidence_of_the_label() throws Exception {
    try (ScriptedServer server = new ScriptedServer(threeQuartersSure());
        InferenceEngine engine = engine(settings(server))) {
      Completion completion = completion(engine.submit(request(30)));

      assertThat(completion.confidences())
          .singleElement()
          .satisfies(
              confidence -> {
                assertThat(confidence.field()).isEqualTo("kind");
                assertThat(confidence.probability()).isCloseTo(0.75, within(1e-9));
                assertThat(confidence.distribution().get("question")).isCloseTo(0.25, within(1e-9));
                assertThat(confidence.distribution()).containsEntry("praise", 0.0);
              });
    }
  }

  @Test
  void a_label_that_is_less_sure_than_the_schema_asks_for_gives_way_to_null() throws Exception {
    Contract surer =
        Contract.of(
            new Schema.Parser()
                .parse(
                    """
                    {"type":"record","name":"Letter","fields":[
                      {"name":"kind","minConfidence":0.8,"type":["null",{"type":"enum",
                        "name":"Kind","symbols":["complaint","question","praise"]}]},
                      {"name":"words","type":"string","quote":true}]}
                    """));
    Analysis analysis =
        new Analysis("letters", "1", "Sort the letter.", surer, ReasoningPolicy.OFF);
    try (ScriptedServer server = new ScriptedServer(threeQuartersSure());
        InferenceEngine engine = engine(settings(server))) {
      Completion completion =
          completion(
              engine.submit(
                  new CompletionRequest(
                      "d", analysis, DOCUMENT, Instant.now().plusSeconds(30), Lane.LIVE)));

      assertThat(completion.answer().get("kind")).isNull();
      assertThat(completion.confidences())
          .singleElement()
          .satisfies(
              confidence -> {
                assertThat(confidence.label()).isEqualTo("complaint");
                assertThat(confidence.abstained()).isTrue();
              });
    }
  }

  @Test
  void work_goes_to_the_server_with_room_and_away_from_one_that_is_down() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    try (ScriptedServer slow = new ScriptedServer(ScriptedServer.answer(VALID).heldUntil(busy));
        ScriptedServer quick = new ScriptedServer(ScriptedServer.answer(VALID));
        InferenceEngine engine =
            engine(
                new OpenAiSettings(
                    List.of(slow.url(), quick.url(), URI.create("http://127.0.0.1:1")),
                    "m",
                    null,
                    4,
                    0,
                    ""))) {
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        all.add(engine.submit(request(30)));
      }
      Awaitility.await().until(() -> all.stream().filter(CompletableFuture::isDone).count() >= 4);
      busy.countDown();
      for (CompletableFuture<Outcome> outcome : all) {
        completion(outcome);
      }
      assertThat(slow.requests.size()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void a_server_that_hangs_leaves_half_of_the_time_to_another() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer silent = new ScriptedServer(ScriptedServer.answer(VALID).heldUntil(never));
        ScriptedServer other = new ScriptedServer(ScriptedServer.answer(VALID));
        InferenceEngine engine =
            engine(new OpenAiSettings(List.of(silent.url(), other.url()), "m", null, 4, 0, ""))) {
      completion(engine.submit(request(6)));

      assertThat(silent.requests).hasSize(1);
      assertThat(other.requests).hasSize(1);
    }
  }

  @Test
  void a_server_under_which_deadlines_pass_counts_as_down() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answer(VALID).heldUntil(never));
        InferenceEngine engine = engine(settings(server))) {
      server.modelsStatus = 500;
      List<CompletableFuture<Outcome>> hung = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        hung.add(engine.submit(request(2)));
      }
      for (CompletableFuture<Outcome> outcome : hung) {
        assertThat(failed(outcome).reason()).isEqualTo(FailureReason.DEADLINE);
      }

      assertThat(failed(engine.submit(request(2))).message()).contains("all servers are down");
      assertThat(server.requests).hasSize(5);
    }
  }

  @Test
  void deadline_cancellation_and_close_end_what_waits_for_a_silent_server() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server =
        new ScriptedServer(ScriptedServer.answer(VALID).heldUntil(never))) {
      InferenceEngine engine = engine(settings(server).withSlots(2));
      Outcome.Failed late = failed(engine.submit(request(1)));
      assertThat(late.reason()).isEqualTo(FailureReason.DEADLINE);

      CompletableFuture<Outcome> cancelled = engine.submit(request(30));
      CompletableFuture<Outcome> running = engine.submit(request(30));
      CompletableFuture<Outcome> waiting = engine.submit(request(30));
      assertThat(engine.statistics().queued()).isEqualTo(1);
      cancelled.cancel(false);
      Awaitility.await().until(() -> engine.statistics().queued() == 0);

      engine.close();
      assertThat(failed(running).reason()).isEqualTo(FailureReason.CANCELLED);
      assertThat(failed(waiting).reason()).isEqualTo(FailureReason.CANCELLED);
      assertThatThrownBy(() -> engine.submit(request(30)))
          .isInstanceOf(IllegalStateException.class);
      never.countDown();
    }
  }

  @Test
  void a_key_that_is_not_accepted_is_told_at_the_start_and_never_shown() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      server.modelsStatus = 401;
      OpenAiSettings settings = settings(server).withKey(ApiKey.of("s3cret"));

      assertThatThrownBy(() -> engine(settings))
          .isInstanceOf(EngineUnavailableException.class)
          .hasMessageContaining("HTTP 401")
          .message()
          .doesNotContain("s3cret");
      assertThat(settings.toString()).doesNotContain("s3cret");
    }
  }

  @Test
  void a_key_that_a_server_refuses_as_it_comes_up_is_told_and_costs_no_document() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      server.modelsStatus = 503;
      try (InferenceEngine engine = engine(settings(server))) {
        server.modelsStatus = 401;

        assertThatThrownBy(() -> engine.submit(request(5)).get(30, TimeUnit.SECONDS))
            .hasCauseInstanceOf(EngineUnavailableException.class)
            .hasMessageContaining(server.url() + "/v1/models answers HTTP 401; set the api-key");
        assertThat(server.requests).isEmpty();
      }
    }
  }

  /** An answer whose kind has a probability of 0.75, once what is no label is left out. */
  private static ScriptedServer.Reply threeQuartersSure() {
    return ScriptedServer.answer(
        VALID,
        reply -> {
          ArrayNode tokens =
              ((ObjectNode) reply.at("/choices/0")).putObject("logprobs").putArray("content");
          token(tokens, "{\"kind\":", 1, Map.of());
          token(tokens, "\"com", 0.6, Map.of("\"com", 0.6, "\"quest", 0.2, "\"x", 0.1));
          token(tokens, "plaint", 1, Map.of("plaint", 1.0));
          token(tokens, "\",\"words\":\"came broken\"}", 1, Map.of());
        });
  }

  private static void token(
      ArrayNode tokens, String text, double probability, Map<String, Double> top) {
    ObjectNode token = tokens.addObject().put("token", text).put("logprob", Math.log(probability));
    ArrayNode alternatives = token.putArray("top_logprobs");
    top.forEach(
        (other, of) -> alternatives.addObject().put("token", other).put("logprob", Math.log(of)));
  }

  private static ObjectNode message(ObjectNode reply) {
    return (ObjectNode) reply.at("/choices/0/message");
  }

  private static OpenAiSettings settings(ScriptedServer server) {
    return OpenAiSettings.of(server.url(), "m");
  }

  private static InferenceEngine engine(OpenAiSettings settings) {
    return OpenAiEngine.source(settings).acquire();
  }

  private static CompletionRequest request(int seconds) {
    return Letters.letter(Duration.ofSeconds(seconds));
  }

  private static Completion completion(CompletableFuture<Outcome> outcome) throws Exception {
    return Letters.completion(outcome);
  }

  private static Outcome.Failed failed(CompletableFuture<Outcome> outcome) throws Exception {
    return Letters.failed(outcome);
  }
}
