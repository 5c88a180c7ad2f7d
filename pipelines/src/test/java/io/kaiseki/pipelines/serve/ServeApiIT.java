package io.kaiseki.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.http.StreamResponse;
import com.openai.models.ReasoningEffort;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.StructuredChatCompletion;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import com.openai.models.models.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A served model, asked by the official client. */
@ExtendWith(ServedModel.class)
class ServeApiIT {

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
            .model(ServedModel.serve().model())
            .addSystemMessage("Read the letter.")
            .addUserMessage("Two boxes came broken. I want my money back!")
            .responseFormat(Letter.class)
            .build();

    StructuredChatCompletion<Letter> completion =
        ServedModel.client().chat().completions().create(params);

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
            .model(ServedModel.serve().model())
            .addSystemMessage("These instructions are those of nobody else.")
            .responseFormat(ServeRequests.format("kind"));
    ChatCompletion first =
        ServedModel.client().chat().completions().create(params.addUserMessage("one").build());
    ChatCompletion second =
        ServedModel.client()
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(ServedModel.serve().model())
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
        ServedModel.client()
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(ServedModel.serve().model())
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
        ServedModel.client()
            .chat()
            .completions()
            .createStreaming(
                ChatCompletionCreateParams.builder()
                    .model(ServedModel.serve().model())
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
        ServedModel.client()
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model("ticket-triage")
                    .addUserMessage("My line is dead since Monday.")
                    .build());

    JsonNode answer =
        new JsonMapper().readTree(completion.choices().get(0).message().content().orElseThrow());
    assertThat(ServedModel.TRIAGE.contract().violations(answer, "My line is dead since Monday."))
        .isEmpty();
    assertThat(ServedModel.client().models().list().data())
        .extracting(Model::id)
        .containsExactly(ServedModel.serve().model(), "ticket-triage");
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
}
