package io.kaiseki.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.schemas.registry.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.SchemaBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server does with an engine that answers when the test says so. */
class ChatServerTest {

  private static final String REQUEST =
      """
      {"model":"held","messages":[{"role":"system","content":"Say."},
        {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}],
       "reasoning_effort":"medium","max_completion_tokens":100,
       "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":
         {"type":"object","properties":{"yes":{"type":"boolean"}}}}}}
      """;

  private static final String JSON = "Content-Type: application/json";

  private static final ServeSettings SETTINGS =
      new ServeSettings(
          "127.0.0.1",
          0,
          Optional.empty(),
          1 << 16,
          1,
          Duration.ofMinutes(1),
          Optional.of(
              new Analysis(
                  "offered",
                  "v",
                  "Say.",
                  Contract.of(
                      SchemaBuilder.record("Said").fields().requiredBoolean("yes").endRecord()),
                  ReasoningPolicy.OFF)),
          OptionalInt.of(10));

  private final Held engine = new Held();
  private final ChatServer server = ChatServer.start(SETTINGS, engine);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    engine.failAll();
    server.close();
  }

  @Test
  void a_request_reaches_the_engine_as_the_client_meant_it() {
    post(REQUEST);
    CompletionRequest request = engine.awaited(1).get(0);

    assertThat(request.analysis().instructions()).isEqualTo("Say.");
    assertThat(request.document()).isEqualTo("a\nb");
    assertThat(request.lane()).isEqualTo(Lane.LIVE);
    assertThat(request.analysis().reasoning()).isEqualTo(new ReasoningPolicy.Always(100));
    assertThat(request.deadline()).isBetween(Instant.now(), Instant.now().plusSeconds(60));
  }

  @Test
  void a_client_may_name_the_lane_of_its_request() throws Exception {
    post(REQUEST.replaceFirst("\\{", "{\"kaiseki\":{\"lane\":\"backfill\"},"));
    assertThat(engine.awaited(1).get(0).lane()).isEqualTo(Lane.BACKFILL);

    HttpResponse<String> wrong =
        post(REQUEST.replaceFirst("\\{", "{\"kaiseki\":{\"lane\":\"fast\"},")).join();
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(json(wrong).at("/error/param").asText()).isEqualTo("kaiseki.lane");
  }

  @Test
  void a_client_may_ask_for_an_answer_that_is_computed() {
    post(REQUEST);
    assertThat(engine.awaited(1).get(0).fresh()).isFalse();

    post(REQUEST.replaceFirst("\\{", "{\"kaiseki\":{\"fresh\":true},"));
    assertThat(engine.awaited(2).get(1).fresh()).isTrue();
  }

  @Test
  void over_slots_and_queue_a_client_is_told_when_to_come_again() throws Exception {
    CompletableFuture<HttpResponse<String>> first = post(REQUEST);
    CompletableFuture<HttpResponse<String>> second = post(REQUEST);
    engine.awaited(2);

    HttpResponse<String> third = post(REQUEST).join();
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(third.headers().firstValue("Retry-After")).contains("1");
    assertThat(json(third).at("/error/code").asText()).isEqualTo("queue_full");
    assertThat(first).isNotDone();

    engine.failAll();
    assertThat(first.join().statusCode()).isEqualTo(422);
    assertThat(json(second.join()).at("/error/code").asText()).isEqualTo("refused");
  }

  @Test
  void a_stream_whose_engine_has_a_fault_ends_with_an_error_that_quotes_nothing() throws Exception {
    CompletableFuture<HttpResponse<String>> stream =
        post(REQUEST.replaceFirst("\\{", "{\"stream\":true,"));
    engine.awaited(1);
    engine.calls.get(0).completeExceptionally(new IllegalArgumentException("of the document"));

    List<String> events = stream.get(30, TimeUnit.SECONDS).body().lines().toList();
    assertThat(events).hasSizeGreaterThan(3).contains("data: [DONE]");
    JsonNode error = new JsonMapper().readTree(events.get(2).substring("data: ".length()));
    assertThat(error.at("/error/type").asText()).isEqualTo("server_error");
    assertThat(error.at("/error/code").asText()).isEqualTo("engine_fault");
    assertThat(error.at("/error/message").asText()).doesNotContain("of the document");
  }

  @Test
  void a_client_that_leaves_a_streamed_answer_is_worked_for_no_longer() throws Exception {
    byte[] body = REQUEST.replaceFirst("\\{", "{\"stream\":true,").getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
            + "%s\r\nContent-Length: %d\r\n\r\n".formatted(JSON, body.length);
    try (Socket socket = new Socket("127.0.0.1", server.url().getPort())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(in.lines().anyMatch(line -> line.startsWith("data: "))).isTrue();
      // Closed with a reset, as the system does it for a client that is killed.
      socket.setSoLinger(true, 0);
    }

    CompletableFuture<Outcome> call = engine.calls.get(0);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(call::isCancelled);
  }

  @Test
  void a_server_that_ends_answers_what_is_under_way_and_takes_no_more() throws Exception {
    CompletableFuture<HttpResponse<String>> open = post(REQUEST);
    engine.awaited(1);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);

    Awaitility.await().until(() -> get("/health/ready").statusCode() == 503);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(post(REQUEST).join().statusCode()).isEqualTo(503);
    assertThat(closed).isNotDone();

    engine.failAll();
    assertThat(open.join().statusCode()).isEqualTo(422);
    closed.join();
  }

  @Test
  void a_server_that_ends_answers_a_request_that_is_still_being_read() throws Exception {
    byte[] body = REQUEST.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n%s\r\nContent-Length: %d\r\n"
                .formatted(JSON, body.length)
            + "Expect: 100-continue\r\nConnection: close\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", server.url().getPort())) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      // Told when the server begins to read the body.
      assertThat(in.readLine()).startsWith("HTTP/1.1 100");
      out.write(body, 0, body.length / 2);
      CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
      Awaitility.await().until(() -> get("/health/ready").statusCode() == 503);

      out.write(body, body.length / 2, body.length - body.length / 2);
      engine.awaited(1);
      assertThat(closed).isNotDone();
      engine.failAll();

      assertThat(in.readLine()).isEmpty();
      assertThat(in.readLine()).startsWith("HTTP/1.1 422");
      assertThat(in.lines().toList()).last().asString().contains("refused");
      closed.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_server_whose_engine_has_ended_is_not_live_any_more() throws Exception {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);

    engine.ended = true;

    assertThat(get("/health/live").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void without_a_token_no_name_but_this_machines_reaches_the_server() throws Exception {
    for (String evil : List.of("evil.example", "evil.example:" + server.url().getPort())) {
      assertThat(raw("GET /v1/models", "Host: " + evil)).as(evil).startsWith("HTTP/1.1 403");
      assertThat(raw("POST /v1/chat/completions", "Host: " + evil, JSON))
          .as(evil)
          .startsWith("HTTP/1.1 403");
    }

    for (String own : List.of("127.0.0.1", "LocalHost:8642", "[::1]:" + server.url().getPort())) {
      assertThat(raw("GET /v1/models", "Host: " + own)).as(own).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void without_a_token_no_page_of_another_origin_reaches_the_server() throws Exception {
    String host = "Host: localhost:8642";
    for (String evil :
        List.of("http://evil.example", "http://localhost:3000", "null", "file://", "not a URI")) {
      assertThat(raw("GET /v1/models", host, "Origin: " + evil))
          .as(evil)
          .startsWith("HTTP/1.1 403");
    }

    assertThat(raw("GET /v1/models", host, "Origin: http://localhost:8642"))
        .startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Type: text/plain", "Content-Type: ", "X-Other: application/json"})
  void without_a_token_a_body_that_any_page_could_send_is_refused(String header) throws Exception {
    assertThat(raw("POST /v1/chat/completions", "Host: localhost", header))
        .startsWith("HTTP/1.1 415")
        .contains("application/json");
    assertThat(engine.requests).isEmpty();
  }

  @Test
  void with_a_token_any_name_and_origin_will_do() throws Exception {
    ServeSettings guarded =
        new ServeSettings(
            SETTINGS.host(),
            0,
            Optional.of(Secret.of("sesame")),
            SETTINGS.bodyBytes(),
            SETTINGS.queue(),
            SETTINGS.deadline(),
            Optional.empty(),
            OptionalInt.empty());
    try (ChatServer other = ChatServer.start(guarded, engine)) {
      String[] headers = {
        "Host: models.example", "Origin: http://pages.example", "Content-Type: text/plain", ""
      };
      assertThat(raw(other, "POST /v1/chat/completions", headers)).startsWith("HTTP/1.1 401");

      headers[3] = "Authorization: Bearer sesame";
      assertThat(raw(other, "POST /v1/chat/completions", headers))
          .startsWith("HTTP/1.1 400")
          .contains("invalid_json");
    }
  }

  @Test
  void an_analysis_that_the_engine_cannot_run_is_not_offered() {
    engine.unsupported = Optional.of("lower reasoning.budget");

    assertThatThrownBy(() -> ChatServer.start(SETTINGS, engine))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessage("lower reasoning.budget");
  }

  @Test
  void what_is_wrong_is_told_in_the_words_of_the_api() throws Exception {
    HttpResponse<String> broken = post("{\"model\":").join();
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(json(broken).at("/error/type").asText()).isEqualTo("invalid_request_error");

    HttpResponse<String> conversation =
        post(REQUEST.replace("\"role\":\"system\"", "\"role\":\"assistant\"")).join();
    assertThat(json(conversation).at("/error/param").asText()).isEqualTo("messages[0].role");

    assertThat(json(get("/v1/nothing")).at("/error/code").asText()).isEqualTo("unknown_url");
    assertThat(get("/v1/chat/completions").statusCode()).isEqualTo(405);
    assertThat(engine.requests).isEmpty();
  }

  @Test
  void a_body_that_begins_as_another_encoding_and_breaks_it_is_the_clients_mistake()
      throws Exception {
    byte[] marked = {0, 0, (byte) 0xFE, (byte) 0xFF, 0x7F, 0x7F, 0x7F, 0x7F};

    HttpResponse<String> broken = post(HttpRequest.BodyPublishers.ofByteArray(marked)).join();

    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(json(broken).at("/error/code").asText()).isEqualTo("invalid_json");
  }

  @Test
  void the_document_of_an_analysis_may_be_as_long_as_the_analysis_says() throws Exception {
    HttpResponse<String> refused = post(document("offered", "01234567890")).join();

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).at("/error/code").asText()).isEqualTo("context_length_exceeded");
    assertThat(json(refused).at("/error/message").asText())
        .contains("11 characters, more than limits.document-characters = 10");
    assertThat(engine.requests).isEmpty();

    post(document("offered", "0123456789"));
    assertThat(engine.awaited(1).get(0).document()).isEqualTo("0123456789");

    engine.failAll();
    post(REQUEST.replace("\"text\":\"a\"", "\"text\":\"01234567890\""));
    assertThat(engine.awaited(2).get(1).document()).isEqualTo("01234567890\nb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"32769", "2147483647", "99999999999", "-1", "\"many\""})
  void a_budget_out_of_bounds_is_refused_with_its_bounds(String budget) throws Exception {
    HttpResponse<String> refused = post(withBudget(budget)).join();

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).at("/error/param").asText()).isEqualTo("kaiseki.reasoning_budget");
    assertThat(json(refused).at("/error/message").asText()).contains("from 0 to 32768");
    assertThat(engine.requests).isEmpty();
  }

  @Test
  void a_budget_within_its_bounds_goes_before_the_effort() {
    post(withBudget("32768"));
    assertThat(engine.awaited(1).get(0).analysis().reasoning())
        .isEqualTo(new ReasoningPolicy.Always(32_768));

    post(withBudget("0"));
    assertThat(engine.awaited(2).get(1).analysis().reasoning()).isEqualTo(ReasoningPolicy.OFF);
  }

  @Test
  void the_name_of_an_analysis_is_a_short_line() throws Exception {
    for (String wrong : List.of("", "a".repeat(101), "two\u0085lines")) {
      HttpResponse<String> refused = post(withName(wrong)).get(30, TimeUnit.SECONDS);

      assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
      assertThat(json(refused).at("/error/param").asText()).isEqualTo("kaiseki.analysis");
      assertThat(json(refused).at("/error/message").asText()).contains("1 to 100 characters");
    }
    assertThat(engine.requests).isEmpty();

    post(withName("Prüfung von Verträgen".repeat(4)));
    assertThat(engine.awaited(1).get(0).analysis().name())
        .isEqualTo("Prüfung von Verträgen".repeat(4));
  }

  private static String withName(String name) {
    return REQUEST.replaceFirst("\\{", "{\"kaiseki\":{\"analysis\":\"" + name + "\"},");
  }

  private static String document(String model, String document) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, document);
  }

  private static String withBudget(String budget) {
    return REQUEST.replaceFirst("\\{", "{\"kaiseki\":{\"reasoning_budget\":" + budget + "},");
  }

  private CompletableFuture<HttpResponse<String>> post(String body) {
    return post(HttpRequest.BodyPublishers.ofString(body));
  }

  private CompletableFuture<HttpResponse<String>> post(HttpRequest.BodyPublisher body) {
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create(server.url() + "/chat/completions"))
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(body)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.url().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String raw(String line, String... headers) throws IOException {
    return raw(server, line, headers);
  }

  /** What comes back for headers that a client would not send; the body is empty. */
  private static String raw(ChatServer server, String line, String... headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.url().getPort())) {
      String request =
          line
              + " HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n"
              + Arrays.stream(headers)
                  .filter(header -> !header.isEmpty())
                  .map(header -> header + "\r\n")
                  .collect(Collectors.joining())
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return new JsonMapper().readTree(response.body());
  }

  /** One slot, and no answers of its own. */
  private static final class Held implements InferenceEngine {
    private final List<CompletionRequest> requests = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Outcome>> calls = new CopyOnWriteArrayList<>();
    private volatile boolean ended;
    private volatile Optional<String> unsupported = Optional.empty();

    List<CompletionRequest> awaited(int count) {
      Awaitility.await().until(() -> requests.size() == count);
      return requests;
    }

    void failAll() {
      calls.forEach(
          call -> call.complete(new Outcome.Failed(FailureReason.REFUSED, "the test says no")));
    }

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      CompletableFuture<Outcome> call = new CompletableFuture<>();
      calls.add(call);
      requests.add(request);
      return call;
    }

    @Override
    public Optional<String> unsupported(Analysis analysis) {
      return unsupported;
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public EngineDescription description() {
      return new EngineDescription("held", "1", "held", "", 1, 1000);
    }

    @Override
    public EngineStatistics statistics() {
      return EngineStatistics.NONE;
    }

    @Override
    public void close() {
      failAll();
    }
  }
}
