package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class ForcedTokensTest {

  private static String field(String name, String type) {
    return "{\"name\":\"" + name + "\",\"type\":" + type + "}";
  }

  private static String record(String... fields) {
    return "{\"type\":\"record\",\"name\":\"A\",\"fields\":[" + String.join(",", fields) + "]}";
  }

  @Test
  void an_answer_without_a_choice_asks_for_no_logits() {
    String one = "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"only\"]}";
    String seven = "{\"type\":\"int\",\"minimum\":-7,\"maximum\":-7}";
    String empty = "{\"type\":\"record\",\"name\":\"N\",\"fields\":[]}";

    ToyModel.Answer answer =
        new ToyModel(SyntheticVocabulary.ofBytes())
            .answer(record(field("a", one), field("b", seven), field("c", empty)), "");

    assertThat(answer.json()).isEqualTo("{\"a\":\"only\",\"b\":-7,\"c\":{}}");
    assertThat(answer.decisions()).isZero();
    assertThat(answer.decoder().forcedTokens()).isEqualTo(answer.decoder().tokens());
  }

  @Test
  void an_answer_of_values_alone_forces_fewer_tokens_and_reads_as_the_same_record() {
    Schema schema =
        new Schema.Parser()
            .parse(
                record(
                    field("sure", "\"boolean\""),
                    field("inner", record(field("n", "[\"null\",\"int\"]")).replace("A", "N")),
                    field("tags", "{\"type\":\"array\",\"items\":\"string\"}")));
    VocabularyIndex index = new VocabularyIndex(SyntheticVocabulary.ofBytes());

    assertThat(new Constraint(Contract.of(schema, AnswerLayout.ARRAY), index).maxTokens())
        .isLessThan(new Constraint(Contract.of(schema), index).maxTokens());
    assertThat(read(schema, AnswerLayout.ARRAY, "[true,[null],[\"a\"]]"))
        .isEqualTo(
            read(
                schema,
                AnswerLayout.OBJECT,
                "{\"sure\":true,\"inner\":{\"n\":null},\"tags\":[\"a\"]}"));
  }

  private static GenericRecord read(Schema schema, AnswerLayout layout, String json) {
    return Contract.of(schema, layout).read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void every_token_is_either_forced_or_one_decision() {
    ToyModel model = new ToyModel(SyntheticVocabulary.ofWords(3));

    ToyModel.Answer answer =
        model.answer(
            record(
                field("t", "{\"type\":\"string\",\"maxLength\":5}"),
                field("b", "\"boolean\""),
                field("d", "{\"type\":\"int\",\"logicalType\":\"date\"}")),
            "");

    assertThat(answer.decoder().tokens())
        .isEqualTo(answer.decoder().forcedTokens() + answer.decisions());
    assertThat(answer.decisions()).isPositive();
  }

  @Test
  void a_token_may_end_a_text_and_begin_what_follows() {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("ok", "!\",", ".\"}", "\":"));
    model.after("{\"a\":\"", Map.of("ok", 1.0));
    model.after("{\"a\":\"ok", Map.of("!\",", 1.0));
    model.after("{\"a\":\"ok!\",\"b\":\"", Map.of("ok", 1.0));
    model.after("{\"a\":\"ok!\",\"b\":\"ok", Map.of(".\"}", 1.0));

    ToyModel.Answer answer =
        model.answer(record(field("a", "\"string\""), field("b", "\"string\"")), "");

    assertThat(answer.json()).isEqualTo("{\"a\":\"ok!\",\"b\":\"ok.\"}");
    assertThat(answer.decisions()).isEqualTo(4);
  }

  @Test
  void a_token_that_would_write_more_than_the_answer_has_left_ends_nothing() {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("\"}}", "\"}]"));
    model.after("{\"a\":\"", Map.of("x", 1.0));
    model.after("{\"a\":\"x", Map.of("\"}}", 0.5, "\"}]", 0.4, "\"", 0.1));

    assertThat(model.answer(record(field("a", "\"string\"")), "").json())
        .isEqualTo("{\"a\":\"x\"}");
  }
}
