package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that were not decoded under the contract. */
class AnswerCheckTest {

  private static final String DOCUMENT = "Two boxes came broken.";

  private static final Contract CONTRACT =
      Contract.of(
          new Schema.Parser()
              .parse(
                  """
                  {"type":"record","name":"R","fields":[
                    {"name":"kind","type":{"type":"enum","name":"K","symbols":["a","b"]}},
                    {"name":"sure","type":["null","boolean"]},
                    {"name":"n","type":"int","minimum":1,"maximum":5},
                    {"name":"words","type":"string","quote":true},
                    {"name":"note","type":"string","maxLength":5},
                    {"name":"day","type":{"type":"int","logicalType":"date"}},
                    {"name":"tags","type":{"type":"array","items":"string"},"minItems":1}]}
                  """));

  @Test
  void an_answer_within_the_contract_has_no_violations() throws Exception {
    assertThat(
            violations(
                """
                {"kind":"a","sure":null,"n":5,"words":"boxes came","note":"ok","day":"2026-02-28",
                 "tags":["x"]}
                """))
        .isEmpty();
  }

  @Test
  void every_violation_is_told_with_its_field_and_without_any_value() throws Exception {
    List<String> violations =
        violations(
            """
            {"kind":"secret","sure":"yes","n":6.5,"words":"boxes came, broken","note":"too long",
             "day":"2026-02-30","tags":[7],"more":1}
            """);

    assertThat(violations)
        .containsExactly(
            "kind must be one of a, b",
            "sure must be true or false",
            "n must be from 1 to 5",
            "n must be a whole number",
            "words must stand in the document exactly so",
            "note must have 1 to 5 characters, but has 8",
            "day must be a day as YYYY-MM-DD",
            "tags[0] must be a string",
            "the answer has 1 unknown fields");
  }

  @Test
  void a_missing_field_and_a_list_in_place_of_an_object_are_violations() throws Exception {
    assertThat(violations("{}")).hasSize(7).contains("kind is missing");
    assertThat(violations("[]")).containsExactly("the answer must be an object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t \u3000"})
  void the_empty_quote_of_a_document_without_words_was_a_violation(String document) {
    assertThat(wordsViolations("", document)).isEmpty();
    assertThat(wordsViolations("any", document))
        .containsExactly("words must stand in the document exactly so");
  }

  @Test
  void half_a_character_became_a_question_mark() throws Exception {
    assertThat(wordsViolations("\ud83d", "So \ud83d\udc4d"))
        .containsExactly("words must not hold half a character");
    assertThat(wordsViolations("\ud83d\udc4d", "So \ud83d\udc4d")).isEmpty();
    assertThat(violations("{\"note\":\"a\\udc4d\"}"))
        .contains("note must not hold half a character");
  }

  @Test
  void an_empty_quote_of_a_document_with_words_is_a_violation() {
    assertThat(wordsViolations("", "\u3000!"))
        .containsExactly("words must have 1 to 256 characters, but has 0");
  }

  @Test
  void a_quote_under_its_least_length_is_a_violation_where_the_document_has_more() {
    Contract phrase =
        Contract.of(
            SchemaBuilder.record("A")
                .fields()
                .name("words")
                .prop("quote", true)
                .prop("minLength", 8)
                .type()
                .stringType()
                .noDefault()
                .endRecord());

    assertThat(wordsViolations(phrase, "late", "It is late."))
        .containsExactly("words must have 8 to 256 characters, but has 4");
    assertThat(wordsViolations(phrase, "is late.", "It is late.")).isEmpty();
    assertThat(wordsViolations(phrase, "late.", " late. \n")).isEmpty();
    assertThat(wordsViolations(phrase, "late", " late. \n"))
        .containsExactly("words must have 5 to 256 characters, but has 4");
    assertThat(wordsViolations(phrase, "", " \n")).isEmpty();
  }

  private static List<String> wordsViolations(String words, String document) {
    return wordsViolations(CONTRACT, words, document);
  }

  private static List<String> wordsViolations(Contract contract, String words, String document) {
    return contract
        .violations(JsonNodeFactory.instance.objectNode().put("words", words), document)
        .stream()
        .filter(violation -> violation.startsWith("words"))
        .toList();
  }

  private static List<String> violations(String answer) throws JsonProcessingException {
    return CONTRACT.violations(new JsonMapper().readTree(answer), DOCUMENT);
  }
}
