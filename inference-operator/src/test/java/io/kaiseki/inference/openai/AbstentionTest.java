package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.contract.Contract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class AbstentionTest {

  private static final Contract CONTRACT =
      Contract.of(
          new Schema.Parser()
              .parse(
                  """
                  {"type":"record","name":"Letter","fields":[
                    {"name":"urgent","type":["null","boolean"],"minConfidence":0.8},
                    {"name":"paid","type":["null","boolean"]},
                    {"name":"lines","type":{"type":"array","items":{
                      "type":"record","name":"Line","fields":[
                        {"name":"sure","type":["null","boolean"],"minConfidence":0.6}]}}}]}
                  """));

  private final GenericRecord answer =
      CONTRACT.read(
          "{\"urgent\":true,\"paid\":true,\"lines\":[{\"sure\":true},{\"sure\":true}]}"
              .getBytes(StandardCharsets.UTF_8));

  @Test
  void a_label_under_the_schemas_confidence_becomes_null_and_its_confidence_keeps_it() {
    List<FieldConfidence> confidences =
        in(sure("urgent", 0.79), sure("lines[0].sure", 0.6), sure("lines[1].sure", 0.59));

    assertThat(answer)
        .hasToString(
            "{\"urgent\": null, \"paid\": true, \"lines\": [{\"sure\": true}, {\"sure\": null}]}");
    assertThat(GenericData.get().validate(CONTRACT.schema(), answer)).isTrue();
    assertThat(confidences)
        .extracting(
            FieldConfidence::field,
            FieldConfidence::label,
            FieldConfidence::probability,
            FieldConfidence::abstained)
        .containsExactly(
            tuple("urgent", "true", 0.79, true),
            tuple("lines[0].sure", "true", 0.6, false),
            tuple("lines[1].sure", "true", 0.59, true));
  }

  @Test
  void a_label_that_the_schema_asks_no_confidence_of_or_that_has_none_stands() {
    assertThat(in(sure("paid", 0.1))).extracting(FieldConfidence::abstained).containsExactly(false);
    assertThat(answer.get("paid")).isEqualTo(true);
    assertThat(answer.get("urgent")).isEqualTo(true);
  }

  private List<FieldConfidence> in(FieldConfidence... confidences) {
    return Abstention.in(answer, CONTRACT.type(), List.of(confidences));
  }

  private static FieldConfidence sure(String field, double probability) {
    return new FieldConfidence(
        field, "true", probability, Map.of("true", probability, "false", 1 - probability));
  }
}
