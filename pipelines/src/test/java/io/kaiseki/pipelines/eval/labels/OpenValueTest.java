package io.kaiseki.pipelines.eval.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.json.AnswerJson;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenValueTest {

  private static final Contract CONTRACT =
      Contract.of(
          new Schema.Parser()
              .parse(
                  """
                  {"type": "record", "name": "Letter", "namespace": "test", "fields": [
                    {"name": "duties", "type": {"type": "array", "items":
                      {"type": "record", "name": "Duty", "fields": [
                        {"name": "what", "type": "string"},
                        {"name": "kind", "type": {"type": "enum", "name": "Kind",
                          "symbols": ["pay", "deliver"]}},
                        {"name": "met", "type": "boolean"},
                        {"name": "amount", "type": ["null", "double"]},
                        {"name": "due", "type": ["null", {"type": "int", "logicalType": "date"}]},
                        {"name": "tags", "type": {"type": "array", "items": "string"}}]}}}
                  ]}
                  """));

  private static final AnswerType DUTIES = CONTRACT.type().fields().get(0).type();

  @Test
  void a_record_without_the_fields_that_are_empty_is_the_answer_that_has_them() {
    assertThat(label("[{'what': 'the rent', 'kind': 'pay', 'met': false}]"))
        .isEqualTo(answer(duty()))
        .containsExactly(
            "{'amount':null,'due':null,'kind':'pay','met':false,'tags':[],'what':'the rent'}"
                .replace('\'', '"'));
  }

  @Test
  void values_within_records_are_equal_however_they_are_written() {
    GenericRecord duty = duty();
    duty.put("amount", 1200.5);
    duty.put("due", 20484);
    duty.put("tags", List.of("a b", "1.10"));

    assertThat(
            label(
                "{'tags': ['a  b ', 1.10], 'kind': 'pay', 'met': 'FALSE', 'what': ' the\\n rent',"
                    + " 'amount': '1200.50', 'due': ' 2026-01-31'}"))
        .isEqualTo(answer(duty));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'kind': 'pay', 'met': true} | a record whose what takes a text",
        "{'what': ['x'], 'kind': 'pay', 'met': true} | a record whose what takes a text",
        "{'what': 'x', 'kind': null, 'met': true} | a record whose kind takes one of pay, deliver",
        "{'what': 'x', 'kind': 'pay', 'met': 1} | a record whose met takes one of true, false",
        "{'what': 'x', 'kind': 'pay', 'met': true, 'amount': 'much'}"
            + " | a record whose amount takes a number, such as 12.5",
        "{'what': 'x', 'kind': 'pay', 'met': true, 'due': 'soon'}"
            + " | a record whose due takes a day, such as 2026-01-31",
        "{'what': 'x', 'kind': 'pay', 'met': true, 'tags': {}}"
            + " | a record whose tags takes a list as JSON",
        "{'what': 'x', 'kind': 'pay', 'met': true, 'remarks': 'y'}"
            + " | a record of what, kind, met, amount, due, tags; it has no remarks",
        "[['x']] | a record of what, kind, met, amount, due, tags",
        "{'what': 'x', 'what': 'y', 'kind': 'pay', 'met': true} | a list or record as JSON",
      })
  void a_record_that_is_not_of_its_type_is_refused(String text, String expected) {
    assertThatThrownBy(() -> label(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e999999999", "1e-999999999", "1e99999999999"})
  void a_number_that_no_one_could_write_out_is_refused(String number) {
    AnswerType type =
        ((AnswerType.Composite) ((AnswerType.Items) DUTIES).type()).fields().get(3).type();

    assertThatThrownBy(() -> OpenValue.label(TextNode.valueOf(number), type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a number, such as 12.5");
    assertThatThrownBy(
            () ->
                label("{'what': 'x', 'kind': 'pay', 'met': true, 'amount': %s}".formatted(number)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> label(String json) {
    return OpenValue.label(TextNode.valueOf(json.replace('\'', '"')), DUTIES);
  }

  private static List<String> answer(GenericRecord duty) {
    Schema schema = CONTRACT.schema().getField("duties").schema();
    return OpenValue.elements(AnswerJson.of(List.of(duty), schema), DUTIES);
  }

  private static GenericRecord duty() {
    Schema schema = CONTRACT.schema().getField("duties").schema().getElementType();
    return new GenericRecordBuilder(schema)
        .set("what", "the rent")
        .set("kind", "pay")
        .set("met", false)
        .set("amount", null)
        .set("due", null)
        .set("tags", List.of())
        .build();
  }
}
