package io.kaiseki.pipelines.eval.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.json.AnswerJson;
import io.kaiseki.schemas.Feedback;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class DocumentWordsTest {

  private static final Instant MONDAY = Instant.parse("2026-03-02T08:00:00Z");

  private static final Contract CONTRACT =
      Contract.of(
          new Schema.Parser()
              .parse(
                  """
                  {"type": "record", "name": "Order", "namespace": "test", "fields": [
                    {"name": "summary", "type": "string"},
                    {"name": "product", "type": ["null", "string"]},
                    {"name": "days", "type": {"type": "array",
                      "items": {"type": "int", "logicalType": "date"}}},
                    {"name": "sums", "type": {"type": "array", "items": "double"}},
                    {"name": "weight", "type": "float"},
                    {"name": "sizes", "type": {"type": "array", "items": "float"}},
                    {"name": "parts", "type": {"type": "array", "items": {"type": "record",
                      "name": "Part", "fields": [
                        {"name": "kind", "type": {"type": "enum", "name": "Kind",
                          "symbols": ["cable", "case"]}}]}}}
                  ]}
                  """));

  private final List<Feedback> said = new ArrayList<>();
  private final DocumentWords words = new DocumentWords(CONTRACT);

  @Test
  void a_word_that_no_reader_of_labels_takes_is_left_out() {
    say("summary", "Asks.", "");
    say("product", "router", " ");
    say("weight", "0.1", "1e400");

    assertThat(labels()).isEqualTo("product=\" \"");
    assertThat(words.leftOut()).isEqualTo(2);
  }

  @Test
  void so_is_one_on_a_part_and_those_beside_it_count() {
    say("days[0]", "2026-03-01", "soon");
    say("days[1]", "2026-03-02", "2026-03-05");
    say("sizes[0]", "0.1", "1e400");
    say("parts[0].kind", "cable", "plug");

    assertThat(labels()).isEqualTo("days=[\"2026-03-01\",\"2026-03-05\"]");
    assertThat(words.leftOut()).isEqualTo(3);
  }

  @Test
  void words_on_parts_that_are_numbers_hold_however_the_number_was_written() {
    // As desks wrote them at first, and as they do now.
    say("sums[0]", "1.23456785E7", "1.5");
    say("sums[1]", "20000000.25", "2.5");
    say("sizes[0]", "0.10000000149011612", "0.2");

    assertThat(labels()).isEqualTo("sums=[1.5,2.5] sizes=[0.2]");
    assertThat(words.leftOut()).isZero();
  }

  private String labels() {
    return words.labels(said, answer()).entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(" "));
  }

  private void say(String field, String old, String right) {
    said.add(
        Feedback.newBuilder()
            .setDocumentId("T-1")
            .setAnalysis("test")
            .setField(field)
            .setOld(old)
            .setNew$(right)
            .setBy("A. Tester")
            .setAt(MONDAY.plusSeconds(said.size()))
            .build());
  }

  private static ObjectNode answer() {
    GenericRecord answer = new GenericData.Record(CONTRACT.schema());
    answer.put("summary", "Asks.");
    answer.put("product", "router");
    answer.put("days", List.of(20513, 20514));
    answer.put("sums", List.of(12345678.5, 20000000.25));
    answer.put("weight", 0.1f);
    answer.put("sizes", List.of(0.1f));
    GenericRecord part =
        new GenericData.Record(CONTRACT.schema().getField("parts").schema().getElementType());
    part.put("kind", "cable");
    answer.put("parts", List.of(part));
    return AnswerJson.record(answer);
  }
}
