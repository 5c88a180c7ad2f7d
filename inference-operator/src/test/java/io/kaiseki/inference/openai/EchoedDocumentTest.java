package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What servers say of a document that they refuse, when they show it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EchoedDocumentTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String VALID = "{\"kind\":\"complaint\",\"words\":\"came broken\"}";
  private static final ScriptedServer.Reply NO_LOGPROBS =
      refusal("logprobs is not supported by this model");
  private static final ScriptedServer.Reply NO_SCHEMA =
      refusal("This response_format type is unavailable now");

  /** Lines and cells are shorter than what is taken for a quotation. */
  private static final String TABLE =
      "Name\tMaria Müller\nRoom\t12\nBed\tcame broken\nSays\t\"my back\"\nIll\tyes\n";

  private enum Echo {
    AS_IT_IS(text -> text),
    IN_ONE_LINE(text -> text.replaceAll("\\s+", " ")),
    AS_CODE(text -> text.replace("\t", "\\t").replace("\n", "\\n")),
    AS_JSON(EchoedDocumentTest::ascii);

    private final UnaryOperator<String> form;

    Echo(UnaryOperator<String> form) {
      this.form = form;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_document_of_short_lines_is_not_in_what_is_told_of_its_failure(Echo echo) throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(refusal("can't read: " + echo.form.apply(TABLE)));
        InferenceEngine engine = Letters.engine(server)) {
      Outcome.Failed failed = Letters.failed(engine.submit(Letters.letter(TABLE, SOON)));

      assertThat(failed.reason()).isEqualTo(FailureReason.REFUSED);
      assertThat(failed.message()).contains("HTTP 400").doesNotContain("Maria");
    }
  }

  @Test
  void what_a_server_says_in_its_own_words_is_told() throws Exception {
    try (ScriptedServer server = new ScriptedServer(refusal("the model reads\nno tables of beds"));
        InferenceEngine engine = Letters.engine(server)) {
      assertThat(Letters.failed(engine.submit(Letters.letter(TABLE, SOON))).message())
          .endsWith(": the model reads no tables of beds");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_refusal_that_quotes_the_document_says_nothing_of_probabilities(Echo echo)
      throws Exception {
    String document = TABLE + "Wants\tlogprobs\n";
    try (ScriptedServer server =
            new ScriptedServer(
                refusal("can't read: " + echo.form.apply(document)),
                NO_LOGPROBS,
                ScriptedServer.answer(VALID));
        InferenceEngine engine = Letters.engine(server)) {
      assertThat(Letters.failed(engine.submit(Letters.letter(document, SOON))).reason())
          .isEqualTo(FailureReason.REFUSED);
      Letters.completion(engine.submit(Letters.letter(document, SOON)));

      assertThat(server.requests)
          .extracting(body -> body.path("logprobs").asBoolean())
          .containsExactly(true, true, false);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_refusal_that_quotes_short_lines_says_nothing_of_the_format(Echo echo) throws Exception {
    String document = TABLE + "Wants\t\"json_schema\"\n";
    try (ScriptedServer server =
            new ScriptedServer(
                refusal("can't read: " + echo.form.apply(document)),
                NO_SCHEMA,
                ScriptedServer.answer(VALID));
        InferenceEngine engine = Letters.engine(server)) {
      assertThat(Letters.failed(engine.submit(Letters.letter(document, SOON))).reason())
          .isEqualTo(FailureReason.REFUSED);
      Letters.completion(engine.submit(Letters.letter(document, SOON)));

      assertThat(server.requests)
          .extracting(body -> body.at("/response_format/type").asText())
          .containsExactly("json_schema", "json_schema", "json_object");
    }
  }

  private static ScriptedServer.Reply refusal(String message) {
    ObjectNode body = new JsonMapper().createObjectNode();
    body.putObject("error").put("message", message);
    return new ScriptedServer.Reply(400, body.toString());
  }

  private static String ascii(String text) {
    try {
      return JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build()
          .writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text can be written", e);
    }
  }
}
