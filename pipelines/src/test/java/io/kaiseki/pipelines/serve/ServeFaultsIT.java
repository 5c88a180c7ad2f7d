package io.kaiseki.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.openai.ApiKey;
import io.kaiseki.inference.openai.OpenAiEngine;
import io.kaiseki.pipelines.cli.CommandFixture;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a served model refuses, and what stands between it and those who ask. */
@ExtendWith(ServedModel.class)
class ServeFaultsIT {

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
                ServedModel.client()
                    .chat()
                    .completions()
                    .create(
                        ChatCompletionCreateParams.builder()
                            .model("another")
                            .addUserMessage("x")
                            .build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("here is " + ServedModel.serve().model());
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
            .baseUrl(ServedModel.serve().url().toString())
            .apiKey("guessed")
            .maxRetries(0)
            .build();
    assertThatThrownBy(() -> stranger.models().list())
        .isInstanceOf(UnauthorizedException.class)
        .message()
        .doesNotContain(ServedModel.TOKEN);
    stranger.close();
    HttpResponse<String> health =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(ServedModel.serve().url().resolve("/health/ready")).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(
            OpenAiEngine.problems(
                ServedModel.settings(ServedModel.serve().url()).withKey(ApiKey.of("guessed"))))
        .singleElement()
        .asString()
        .contains("HTTP 401")
        .doesNotContain("guessed");
    assertThat(ServedModel.serve().log()).doesNotContain(ServedModel.TOKEN);
  }

  @Test
  void a_check_asks_the_server_for_its_models() {
    CommandFixture ran =
        CommandFixture.run(
            "check",
            "ticket-triage",
            "--set=model.endpoint=" + ServedModel.serve().url() + ",http://127.0.0.1:1",
            "--set=model.name=nope",
            "--set=model.api-key=" + ServedModel.TOKEN);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains(
            "model.endpoint: "
                + ServedModel.serve().url()
                + " does not serve model nope; it serves tiny")
        .contains("model.endpoint: http://127.0.0.1:1/v1 can't be reached")
        .doesNotContain(ServedModel.TOKEN);
  }

  @Test
  void every_document_has_one_outcome_whatever_comes_between() throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(ServedModel.serve().url());
        InferenceEngine engine = OpenAiEngine.source(ServedModel.settings(proxy.url())).acquire()) {
      List<FaultyProxy.Fault> faults = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        faults.addAll(EnumSet.allOf(FaultyProxy.Fault.class));
      }
      Collections.shuffle(faults, new Random(7));
      proxy.plan(faults);
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        outcomes.add(
            engine.submit(ServedModel.request("faulty-" + i, "Ticket " + i + ": no light.")));
      }

      for (CompletableFuture<Outcome> outcome : outcomes) {
        assertThat(ServedModel.completion(outcome).answer().getSchema())
            .isEqualTo(ServedModel.TRIAGE.contract().schema());
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
        ChatCompletionCreateParams.builder().model(ServedModel.serve().model()).addUserMessage("x");
    if (format != null) {
      params.responseFormat(format);
    }
    ServedModel.client().chat().completions().create(params.build());
  }

  private static void askWith(String document) {
    ServedModel.client()
        .chat()
        .completions()
        .create(
            ChatCompletionCreateParams.builder()
                .model(ServedModel.serve().model())
                .addUserMessage(document)
                .responseFormat(ServeRequests.format("kind"))
                .build());
  }
}
