package io.kaiseki.desk.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.desk.state.Review;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class AnswerTextTest {

  private static final Schema FLOAT = Schema.create(Schema.Type.FLOAT);
  private static final Schema DOUBLE = Schema.create(Schema.Type.DOUBLE);
  private static final Schema ORDER =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Order", "fields": [
                {"name": "sums", "type": {"type": "array", "items": "double"}},
                {"name": "sizes", "type": {"type": "array", "items": "float"}}]}
              """);

  @Test
  void a_number_has_the_digits_that_the_model_wrote_and_no_exponent() {
    assertThat(AnswerText.of(0.1f, FLOAT)).isEqualTo("0.1");
    assertThat(AnswerText.of(12345678.5, DOUBLE)).isEqualTo("12345678.5");
    assertThat(AnswerText.of(1e7, DOUBLE)).isEqualTo("10000000");
    assertThat(AnswerText.of(List.of(1e7, 0.5), ORDER.getField("sums").schema()))
        .isEqualTo("[10000000,0.5]");
    assertThat(AnswerText.of(Double.NaN, DOUBLE)).isEqualTo("NaN");
    assertThat(AnswerText.of(Float.NEGATIVE_INFINITY, FLOAT)).isEqualTo("-Infinity");
  }

  @Test
  void words_on_numbers_hold_however_an_earlier_desk_wrote_the_number() {
    GenericRecord order = new GenericData.Record(ORDER);
    order.put("sums", List.of(12345678.5, 2.5));
    order.put("sizes", List.of(0.1f));
    ObjectNode answer = (ObjectNode) AnswerText.json(order, ORDER);
    List<Review> reviews = new ArrayList<>();
    reviews.add(review("sums[0]", "1.23456785E7", "1"));
    reviews.add(review("sums[1]", "3.5", "1"));
    reviews.add(review("sizes[0]", "0.10000000149011612", "0.2"));

    assertThat(CorrectedAnswer.of(answer, ORDER, reviews))
        .hasToString("{\"sums\":[1,2.5],\"sizes\":[0.2]}");
    // As an entry has it that an earlier desk kept.
    assertThat(CorrectedAnswer.of("sizes", "[0.10000000149011612]", reviews)).isEqualTo("[0.2]");
    reviews.set(2, review("sizes[0]", "0.1", "0.2"));
    assertThat(CorrectedAnswer.of("sizes", "[0.10000000149011612]", reviews)).isEqualTo("[0.2]");
  }

  private static Review review(String field, String old, String value) {
    return Review.newBuilder()
        .setField(field)
        .setOld(old)
        .setValue(value)
        .setBy("A. Tester")
        .setAt(Instant.EPOCH)
        .build();
  }
}
