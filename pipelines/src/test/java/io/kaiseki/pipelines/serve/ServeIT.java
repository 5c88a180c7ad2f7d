package io.kaiseki.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.ReasoningEffort;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.StructuredChatCompletion;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import com.openai.models.models.Model;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.cascade.CascadeEngine;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.openai.ApiKey;
import io.kaiseki.inference.openai.OpenAiEngine;
import io.kaiseki.inference.openai.OpenAiSettings;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.cli.CommandFixture;
import io.kaiseki.pipelines.job.TinyModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A served model, asked by the official client and by the product's own engine. */
class ServeIT {

  private static final String TOKEN = "token-of-the-test";
  private static final Analysis TRIAGE =
      Analyses.loadWithoutModel("ticket-triage", AnalysisOverrides.none()).toAnalysis();

  @TempDir static Path directory;
  private static ServeProcess serve;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), TOKEN + "\n");
    serve =
        ServeProcess.start(
            directory.resolve("serve.log"),
            "ticket-triage",
            "--model=" + TinyModel.file(),
            "--token-file=" + token,
            "--max-body=100000",
            "--set=model.slots=4",
            "--set=model.threads=1",
            "--set=model.library=shipped");
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(serve.url().toString())
            .apiKey(TOKEN)
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    serve.close();
  }

  enum Kind {
    COMPLAINT,
    QUESTION
  }

  static final class Line {
    public String item;
    public int count;
  }

  static final class Letter {
    public Kind kind;

    public boolean urgent;
    public Optional<String> reference;
    public List<Line> lines;
  }

  @Test
  void the_official_client_gets_structured_output_as_a_class() {
    StructuredChatCompletionCreateParams<Letter> params =
        ChatCompletionCreateParams.builder()
            .model(serve.model())
            .addSystemMessage("Read the letter.")
            .addUserMessage("Two boxes came broken. I want my money back!")
            .responseFormat(Letter.class)
            .build();

    StructuredChatCompletion<Letter> completion = client.chat().completions().create(params);

    Letter letter = completion.choices().get(0).message().content().orElseThrow();
    assertThat(letter.kind).isNotNull();
    assertThat(letter.lines).hasSizeLessThanOrEqualTo(16);
    assertThat(completion.usage().orElseThrow().promptTokens()).isPositive();
    assertThat(completion.usage().orElseThrow().completionTokens()).isPositive();
  }

  @Test
  void instructions_are_read_once_for_all_who_share_them() {
    ChatCompletionCreateParams.Builder params =
        ChatCompletionCreateParams.builder()
            .model(serve.model())
            .addSystemMessage("These instructions are those of nobody else.")
            .responseFormat(ServeRequests.format("kind"));
    ChatCompletion first = client.chat().completions().create(params.addUserMessage("one").build());
    ChatCompletion second =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(serve.model())
                    .addSystemMessage("These instructions are those of nobody else.")
                    .responseFormat(ServeRequests.format("kind"))
                    .addUserMessage("two")
                    .build());

    assertThat(cached(first)).isZero();
    assertThat(cached(second)).isPositive();
  }

  @Test
  void reasoning_is_bounded_by_the_effort_and_told_apart() {
    ChatCompletion completion =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(serve.model())
                    .addUserMessage("Is it urgent?")
                    .reasoningEffort(ReasoningEffort.LOW)
                    .maxCompletionTokens(20)
                    .responseFormat(ServeRequests.format("kind"))
                    .build());

    long reasoning =
        completion
            .usage()
            .orElseThrow()
            .completionTokensDetails()
            .orElseThrow()
            .reasoningTokens()
            .orElseThrow();
    assertThat(reasoning).isBetween(1L, 20L);
    assertThat(completion.choices().get(0).message().toString()).contains("reasoning_content=");
  }

  @Test
  void a_stream_ends_with_the_answer_the_finish_and_the_usage() {
    StringBuilder content = new StringBuilder();
    List<String> finishes = new ArrayList<>();
    List<Long> tokens = new ArrayList<>();
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(
                ChatCompletionCreateParams.builder()
                    .model(serve.model())
                    .addUserMessage("Is it urgent?")
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .responseFormat(ServeRequests.format("kind"))
                    .build())) {
      stream.stream()
          .forEach(
              chunk -> {
                chunk
                    .choices()
                    .forEach(
                        choice -> {
                          choice.delta().content().ifPresent(content::append);
                          choice.finishReason().ifPresent(f -> finishes.add(f.asString()));
                        });
                chunk.usage().ifPresent(usage -> tokens.add(usage.completionTokens()));
              });
    }

    assertThat(content.toString()).matches("\\{\"kind\":\"(?:not sure|sure)\"}");
    assertThat(finishes).containsExactly("stop");
    assertThat(tokens).hasSize(1).allSatisfy(count -> assertThat(count).isPositive());
  }

  @Test
  void the_analysis_is_a_model_that_takes_the_document_alone() throws Exception {
    ChatCompletion completion =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model("ticket-triage")
                    .addUserMessage("My line is dead since Monday.")
                    .build());

    JsonNode answer =
        new JsonMapper().readTree(completion.choices().get(0).message().content().orElseThrow());
    assertThat(TRIAGE.contract().violations(answer, "My line is dead since Monday.")).isEmpty();
    assertThat(client.models().list().data())
        .extracting(Model::id)
        .containsExactly(serve.model(), "ticket-triage");
  }

  @Test
  void what_cannot_be_served_is_refused_with_the_place() {
    assertThatThrownBy(() -> ask(ServeRequests.schema("{\"type\":\"string\",\"pattern\":\"a+\"}")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("$.properties.kind.pattern: can't be held to");
    assertThatThrownBy(() -> ask(null))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("response_format: must be of type json_schema");
    assertThatThrownBy(
            () ->
                client
                    .chat()
                    .completions()
                    .create(
                        ChatCompletionCreateParams.builder()
                            .model("another")
                            .addUserMessage("x")
                            .build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("here is " + serve.model());
    assertThatThrownBy(() -> askWith("x".repeat(200_000)))
        .hasMessageContaining("more than 100000 bytes");
    assertThatThrownBy(() -> askWith("word ".repeat(15_000)))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("the document has");
  }

  @Test
  void nobody_is_served_without_the_token_but_health_is_told() throws Exception {
    OpenAIClient stranger =
        OpenAIOkHttpClient.builder()
            .baseUrl(serve.url().toString())
            .apiKey("guessed")
            .maxRetries(0)
            .build();
    assertThatThrownBy(() -> stranger.models().list())
        .isInstanceOf(UnauthorizedException.class)
        .message()
        .doesNotContain(TOKEN);
    stranger.close();
    HttpResponse<String> health =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(serve.url().resolve("/health/ready")).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(OpenAiEngine.problems(settings(serve.url()).withKey(ApiKey.of("guessed"))))
        .singleElement()
        .asString()
        .contains("HTTP 401")
        .doesNotContain("guessed");
    assertThat(serve.log()).doesNotContain(TOKEN);
  }

  @Test
  void the_answer_over_http_is_that_of_the_engine_in_process() throws Exception {
    LlamaCppSettings local =
        new LlamaCppSettings(TinyModel.file().toString(), "", 4, 0, 512, 1, "shipped");
    try (InferenceEngine remote = OpenAiEngine.source(settings(serve.url())).acquire();
        InferenceEngine inProcess = LlamaCppEngine.source(local).acquire()) {
      CompletionRequest request = request("same", "Please cancel my contract by March.");
      Completion over = completion(remote.submit(request));
      Completion within = completion(inProcess.submit(request));

      assertThat(over.answer()).isEqualTo(within.answer());
      assertThat(over.confidences())
          .extracting("field", "label")
          .isEqualTo(
              within.confidences().stream()
                  .map(of -> Tuple.tuple(of.field(), of.label()))
                  .toList());
      assertThat(over.usage().input()).isEqualTo(within.usage().input());
      assertThat(over.usage().answer()).isEqualTo(within.usage().answer());
      assertThat(remote.description().modelSha256())
          .isEqualTo(inProcess.description().modelSha256());
      assertThat(remote.description().build()).startsWith("llama.cpp b");
    }
  }

  @Test
  void a_cascade_asks_the_served_model_where_the_local_one_is_unsure() throws Exception {
    LlamaCppSettings local =
        new LlamaCppSettings(TinyModel.file().toString(), "", 4, 0, 512, 1, "shipped");
    try (InferenceEngine cascade =
        CascadeEngine.source(
                LlamaCppEngine.source(local), OpenAiEngine.source(settings(serve.url())), 1)
            .acquire()) {
      Completion completion = completion(cascade.submit(request("unsure", "Hm.")));

      Escalation escalation = completion.escalation();
      assertThat(escalation.answeredBy().engine()).isEqualTo("openai");
      assertThat(escalation.leastConfidence()).isLessThan(1);
      assertThat(escalation.usage().answer()).isPositive();
      assertThat(completion.usage().answer()).isPositive();
    }
  }

  @Test
  void a_check_asks_the_server_for_its_models() {
    CommandFixture ran =
        CommandFixture.run(
            "check",
            "ticket-triage",
            "--set=model.endpoint=" + serve.url() + ",http://127.0.0.1:1",
            "--set=model.name=nope",
            "--set=model.api-key=" + TOKEN);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("model.endpoint: " + serve.url() + " does not serve model nope; it serves tiny")
        .contains("model.endpoint: http://127.0.0.1:1/v1 can't be reached")
        .doesNotContain(TOKEN);
  }

  @Test
  void every_document_has_one_outcome_whatever_comes_between() throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(serve.url());
        InferenceEngine engine = OpenAiEngine.source(settings(proxy.url())).acquire()) {
      List<FaultyProxy.Fault> faults = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        faults.addAll(EnumSet.allOf(FaultyProxy.Fault.class));
      }
      Collections.shuffle(faults, new Random(7));
      proxy.plan(faults);
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        outcomes.add(engine.submit(request("faulty-" + i, "Ticket " + i + ": no light.")));
      }

      for (CompletableFuture<Outcome> outcome : outcomes) {
        assertThat(completion(outcome).answer().getSchema()).isEqualTo(TRIAGE.contract().schema());
      }
      for (FaultyProxy.Fault fault : FaultyProxy.Fault.values()) {
        assertThat(proxy.served(fault)).as(fault.name()).isGreaterThanOrEqualTo(3);
      }
      assertThat(engine.statistics().answered()).isEqualTo(24);
      assertThat(engine.statistics().failed()).isZero();
      assertThat(engine.statistics().slotsBusy()).isZero();
    }
  }

  private static void ask(ResponseFormatJsonSchema format) {
    ChatCompletionCreateParams.Builder params =
        ChatCompletionCreateParams.builder().model(serve.model()).addUserMessage("x");
    if (format != null) {
      params.responseFormat(format);
    }
    client.chat().completions().create(params.build());
  }

  private static void askWith(String document) {
    client
        .chat()
        .completions()
        .create(
            ChatCompletionCreateParams.builder()
                .model(serve.model())
                .addUserMessage(document)
                .responseFormat(ServeRequests.format("kind"))
                .build());
  }

  private static long cached(ChatCompletion completion) {
    return completion
        .usage()
        .orElseThrow()
        .promptTokensDetails()
        .orElseThrow()
        .cachedTokens()
        .orElseThrow();
  }

  private static OpenAiSettings settings(URI url) {
    return OpenAiSettings.of(url, serve.model()).withKey(ApiKey.of(TOKEN)).withSlots(6);
  }

  private static CompletionRequest request(String id, String document) {
    return new CompletionRequest(
        id, TRIAGE, document, Instant.now().plus(Duration.ofSeconds(60)), Lane.LIVE);
  }

  private static Completion completion(CompletableFuture<Outcome> outcome) throws Exception {
    Outcome done = outcome.get(60, TimeUnit.SECONDS);
    assertThat(done).isInstanceOf(Outcome.Answered.class);
    return ((Outcome.Answered) done).completion();
  }
}
