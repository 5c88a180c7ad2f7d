package io.kaiseki.pipelines.bench.arm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.json.ContractSchema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class GbnfGrammarTest {

  @Test
  void fields_stand_in_schema_order_as_compact_json() {
    assertThat(root(field("a", new AnswerType.Truth()), field("b", new AnswerType.Date())))
        .startsWith("\"{\\\"a\\\":\" ( \"true\" | \"false\" ) \",\\\"b\\\":\" \"\\\"\" [0-9]")
        .endsWith("\"\\\"\" \"}\"");
  }

  @Test
  void labels_are_closed_and_escaped_twice_once_for_json_and_once_for_the_grammar() {
    AnswerType type = new AnswerType.Enumeration(List.of("low", "a\"b\\c\n"), Map.of());

    assertThat(root(field("x", type)))
        .contains("( \"\\\"low\\\"\" | \"\\\"a\\\\\\\"b\\\\\\\\c\\\\n\\\"\" )");
  }

  @Test
  void control_characters_of_a_literal_are_written_as_their_numbers() {
    assertThat(GbnfGrammar.literal("\u0001\t")).isEqualTo("\"\\x01\\x09\"");
  }

  @Test
  void text_keeps_its_bounds() {
    assertThat(root(field("t", new AnswerType.Text(2, 40)))).contains("char{2,40}");
  }

  @Test
  void a_quote_goes_from_the_start_of_a_word_to_any_later_character() {
    AnswerType.Composite answer =
        composite(field("q", new AnswerType.Nullable(new AnswerType.Quote(1, 90))));

    assertThat(GbnfGrammar.of(answer, "Ü \"a"))
        .contains("( \"null\" | quote )")
        .endsWith(
            """
            quote ::= "\\"" ( rest0 | rest3 | rest5 ) "\\""
            rest0 ::= "Ü" rest2?
            rest2 ::= " " rest3?
            rest3 ::= "\\\\\\"" rest5?
            rest5 ::= "a"
            """);
  }

  @Test
  void of_a_document_without_words_a_quote_is_empty() {
    assertThat(GbnfGrammar.of(composite(field("q", new AnswerType.Quote(1, 90))), ""))
        .endsWith("quote ::= \"\\\"\" \"\\\"\"\n");
  }

  @Test
  void arrays_have_as_many_items_as_the_contract_allows() {
    AnswerType truth = new AnswerType.Truth();

    assertThat(root(field("x", new AnswerType.Items(truth, 0, 3))))
        .contains(
            "\"[\" ( ( \"true\" | \"false\" ) ( \",\" ( \"true\" | \"false\" ) ){0,2} )? \"]\"");
    assertThat(root(field("x", new AnswerType.Items(truth, 2, 3)))).contains("){1,2} \"]\"");
    assertThat(root(field("x", new AnswerType.Items(truth, 0, 0)))).contains("\"[]\"");
  }

  @Test
  void numbers_have_the_sign_and_the_digits_of_their_bounds() {
    assertThat(root(field("n", number("0", "100", 0))))
        .contains(":\" ( \"0\" | [1-9] [0-9]{0,2} ) ");
    assertThat(root(field("n", number("-5", "5", 2))))
        .contains("\"-\"? [0-9] ( \".\" [0-9]{1,2} )?");
    assertThat(root(field("n", number("-9", "-1", 0)))).contains(":\" \"-\" [0-9] ");
  }

  @Test
  void the_bound_on_tokens_covers_the_longest_answer() {
    Contract contract =
        Contract.of(
            new Schema.Parser()
                .parse(
                    "{\"type\":\"record\",\"name\":\"R\",\"fields\":["
                        + "{\"name\":\"ok\",\"type\":\"boolean\"},"
                        + "{\"name\":\"s\",\"type\":\"string\",\"maxLength\":7}]}"));

    assertThat(GbnfGrammar.maxTokens(contract.type()))
        .isGreaterThanOrEqualTo("{\"ok\":false,\"s\":\"1234567\"}".length());
  }

  @Test
  void the_json_schema_says_the_same_in_the_words_of_openai() {
    JsonNode schema =
        ContractSchema.of(
            composite(
                field("e", new AnswerType.Enumeration(List.of("a", "b"), Map.of())),
                field("t", new AnswerType.Nullable(new AnswerType.Text(1, 9))),
                field("i", new AnswerType.Items(number("0", "9", 0), 1, 4))));

    assertThat(schema.get("additionalProperties").asBoolean()).isFalse();
    assertThat(schema.get("required").toString()).isEqualTo("[\"e\",\"t\",\"i\"]");
    assertThat(schema.at("/properties/e/enum").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(schema.at("/properties/t/anyOf/0/maxLength").asInt()).isEqualTo(9);
    assertThat(schema.at("/properties/t/anyOf/1/type").asText()).isEqualTo("null");
    assertThat(schema.at("/properties/i/maxItems").asInt()).isEqualTo(4);
    assertThat(schema.at("/properties/i/items/type").asText()).isEqualTo("integer");
  }

  private static AnswerType number(String minimum, String maximum, int fractionDigits) {
    return new AnswerType.Number(new BigDecimal(minimum), new BigDecimal(maximum), fractionDigits);
  }

  private static AnswerType.Field field(String name, AnswerType type) {
    return new AnswerType.Field(name, "", type);
  }

  private static AnswerType.Composite composite(AnswerType.Field... fields) {
    return new AnswerType.Composite(List.of(fields));
  }

  private static String root(AnswerType.Field... fields) {
    String grammar = GbnfGrammar.of(composite(fields), "a document");
    return grammar.substring("root ::= ".length(), grammar.indexOf('\n'));
  }
}
