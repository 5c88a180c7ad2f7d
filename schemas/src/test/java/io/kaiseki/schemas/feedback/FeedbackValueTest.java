package io.kaiseki.schemas.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class FeedbackValueTest {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Test
  void numbers_are_written_out_whatever_holds_them() {
    assertThat(FeedbackValue.text(NODES.numberNode(12345678.5))).isEqualTo("12345678.5");
    assertThat(FeedbackValue.text(decimal("1.23456785E7"))).isEqualTo("12345678.5");
    assertThat(FeedbackValue.text(decimal("12.50"))).isEqualTo("12.50");
    assertThat(FeedbackValue.text(NODES.numberNode(7))).isEqualTo("7");
    assertThat(FeedbackValue.text(NODES.numberNode(Double.MIN_VALUE))).startsWith("0.000");
    assertThat(FeedbackValue.text(NODES.numberNode(Double.NaN))).isEqualTo("NaN");
  }

  @Test
  void a_number_that_nothing_can_write_out_keeps_its_exponent() {
    assertThat(FeedbackValue.text(decimal("1E+99999"))).isEqualTo("1E+99999");
    assertThat(FeedbackValue.text(decimal("1E-99999"))).isEqualTo("1E-99999");
    assertThat(FeedbackValue.isText("1E+2147483647", decimal("1"))).isFalse();
  }

  @Test
  void a_text_stands_for_a_number_by_its_value() {
    assertThat(FeedbackValue.isText("1.23456785E7", decimal("12345678.5"))).isTrue();
    assertThat(FeedbackValue.isText("12345678.5", NODES.numberNode(1.23456785E7))).isTrue();
    assertThat(FeedbackValue.isText("0.10000000149011612", decimal("0.1"))).isTrue();
    assertThat(FeedbackValue.isText("0.1", decimal("0.10000000149011612"))).isTrue();
    assertThat(FeedbackValue.isText("0.2", decimal("0.1"))).isFalse();
    // As floats these would be one.
    assertThat(FeedbackValue.isText("123456792", NODES.numberNode(123456789))).isFalse();
    assertThat(FeedbackValue.isText("much", decimal("0.1"))).isFalse();
    assertThat(FeedbackValue.isText(null, decimal("0.1"))).isFalse();
    assertThat(FeedbackValue.isText(null, NODES.nullNode())).isTrue();
    assertThat(FeedbackValue.isText("1.0", NODES.textNode("1"))).isFalse();
  }

  @Test
  void within_lists_and_records_too() {
    JsonNode lines = FeedbackValue.tree("[{\"kind\":\"a\",\"price\":12345678.5}]");
    assertThat(FeedbackValue.isText("[{\"kind\":\"a\",\"price\":1.23456785E7}]", lines)).isTrue();
    assertThat(FeedbackValue.isText("[{\"price\":12345678.50,\"kind\":\"a\"}]", lines)).isTrue();
    assertThat(FeedbackValue.isText("[{\"kind\":\"a\",\"price\":1}]", lines)).isFalse();
    assertThat(FeedbackValue.isText("[{\"kind\":\"b\",\"price\":12345678.5}]", lines)).isFalse();
    assertThat(FeedbackValue.isText("[]", lines)).isFalse();
    assertThat(FeedbackValue.isText("none", lines)).isFalse();
  }

  private static JsonNode decimal(String text) {
    return NODES.numberNode(new BigDecimal(text));
  }
}
