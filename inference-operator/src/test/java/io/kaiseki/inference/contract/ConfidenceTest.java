package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.inference.FieldConfidence;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ConfidenceTest {

  private static final SyntheticVocabulary VOCABULARY =
      SyntheticVocabulary.of(
          "re", "fund", "turn", "ship", "ping", "_now", "\"}", "\",\"", "\":[\"");

  private final ToyModel model = new ToyModel(VOCABULARY);

  private static String fields(String fields) {
    return "{\"type\":\"record\",\"name\":\"A\",\"fields\":[" + fields + "]}";
  }

  private static String enumeration(String... symbols) {
    return "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\""
        + String.join("\",\"", symbols)
        + "\"]}";
  }

  private static String c(String type) {
    return fields("{\"name\":\"c\",\"type\":" + type + "}");
  }

  @Test
  void the_label_with_the_greatest_total_probability_wins_over_the_likeliest_first_token() {
    model.after("{\"c\":\"", Map.of("re", 0.6, "ship", 0.4));
    model.after("{\"c\":\"re", Map.of("fund", 0.5, "turn", 0.5));

    ToyModel.Answer answer = model.answer(c(enumeration("refund", "return", "shipping")), "");

    FieldConfidence confidence = answer.decoder().confidences().get(0);
    assertThat(answer.json()).isEqualTo("{\"c\":\"shipping\"}");
    assertThat(confidence.probability()).isCloseTo(0.4, within(1e-6));
    assertThat(confidence.distribution().get("refund")).isCloseTo(0.3, within(1e-6));
    assertThat(confidence.distribution().get("return")).isCloseTo(0.3, within(1e-6));
  }

  @Test
  void a_label_that_begins_another_has_the_mass_of_what_can_follow_it() {
    model.after("{\"c\":\"", Map.of("re", 0.9, "ship", 0.1));
    model.after("{\"c\":\"re", Map.of("fund", 0.8, "turn", 0.2));
    model.after("{\"c\":\"refund", Map.of("\"}", 0.25, "_now", 0.75));

    ToyModel.Answer answer =
        model.answer(c(enumeration("refund", "refund_now", "return", "shipping")), "");

    Map<String, Double> distribution = answer.decoder().confidences().get(0).distribution();
    assertThat(answer.json()).isEqualTo("{\"c\":\"refund_now\"}");
    assertThat(distribution.get("refund")).isCloseTo(0.9 * 0.8 * 0.25, within(1e-6));
    assertThat(distribution.get("refund_now")).isCloseTo(0.9 * 0.8 * 0.75, within(1e-6));
    assertThat(distribution.get("return")).isCloseTo(0.9 * 0.2, within(1e-6));
    assertThat(distribution.get("shipping")).isCloseTo(0.1, within(1e-6));
    assertThat(answer.probes()).isEqualTo(2);
  }

  @Test
  void mass_outside_the_labels_is_left_out_of_account() {
    model.after("{\"c\":\"", Map.of("re", 0.1, "ship", 0.3, "ping", 0.6));

    ToyModel.Answer answer = model.answer(c(enumeration("refund", "shipping")), "");

    Map<String, Double> distribution = answer.decoder().confidences().get(0).distribution();
    assertThat(distribution.get("refund")).isCloseTo(0.25, within(1e-6));
    assertThat(distribution.get("shipping")).isCloseTo(0.75, within(1e-6));
  }

  @Test
  void labels_that_the_model_rules_out_alike_are_alike() {
    model.after("{\"c\":\"", Map.of("re", 0.0, "ship", 0.0));

    ToyModel.Answer answer = model.answer(c(enumeration("refund", "shipping")), "");

    assertThat(answer.decoder().confidences().get(0).distribution())
        .containsOnly(Map.entry("refund", 0.5), Map.entry("shipping", 0.5));
  }

  @Test
  void null_is_a_label_of_a_closed_field_that_may_be_null() {
    model.after("{\"c", Map.of("\"", 1.0));
    model.after("{\"c\":", Map.of("n", 0.7, "\"", 0.3));

    ToyModel.Answer answer =
        model.answer(c("[\"null\"," + enumeration("refund", "shipping") + "]"), "");

    FieldConfidence confidence = answer.decoder().confidences().get(0);
    assertThat(answer.json()).isEqualTo("{\"c\":null}");
    assertThat(confidence.label()).isEqualTo("null");
    assertThat(confidence.probability()).isCloseTo(0.7, within(1e-6));
  }

  private ToyModel.Answer withoutConfidences(String schema) {
    Contract contract = Contract.of(new Schema.Parser().parse(schema));
    return model.answer(contract.withoutConfidences(), "");
  }

  @Test
  void without_confidences_the_likeliest_token_wins_and_nothing_is_probed() {
    model.after("{\"c\":\"", Map.of("re", 0.6, "ship", 0.4));
    model.after("{\"c\":\"re", Map.of("fund", 0.4, "turn", 0.6));

    ToyModel.Answer answer = withoutConfidences(c(enumeration("refund", "return", "shipping")));

    assertThat(answer.json()).isEqualTo("{\"c\":\"return\"}");
    assertThat(answer.probes()).isZero();
    assertThat(answer.decoder().confidences()).isEmpty();
    assertThat(answer.decisions()).isEqualTo(2);
    assertThat(answer.decoder().tokens())
        .isEqualTo(answer.decoder().forcedTokens() + answer.decisions());
  }

  @Test
  void without_confidences_a_label_that_begins_another_ends_where_that_is_likelier() {
    model.after("{\"c\":\"", Map.of("re", 0.9, "ship", 0.1));
    model.after("{\"c\":\"re", Map.of("fund", 0.8, "turn", 0.2));
    model.after("{\"c\":\"refund", Map.of("\"}", 0.75, "_now", 0.25));

    ToyModel.Answer answer =
        withoutConfidences(c(enumeration("refund", "refund_now", "return", "shipping")));

    assertThat(answer.json()).isEqualTo("{\"c\":\"refund\"}");
    assertThat(answer.probes()).isZero();
  }

  @Test
  void a_field_with_a_least_confidence_needs_confidences() {
    Contract contract = Contract.of(new Schema.Parser().parse(abstaining(0.7)));

    assertThatThrownBy(contract::withoutConfidences)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("minConfidence");
  }

  private static String abstaining(double minConfidence) {
    return fields(
        "{\"name\":\"c\",\"minConfidence\":"
            + minConfidence
            + ",\"type\":[\"null\","
            + enumeration("refund", "return", "shipping")
            + "]},{\"name\":\"d\",\"type\":\"boolean\"}");
  }

  @Test
  void a_label_under_its_least_confidence_gives_way_to_null_and_stays_in_the_confidence() {
    model.after("{\"c\":", Map.of("n", 0.1, "\"", 0.9));
    model.after("{\"c\":\"", Map.of("re", 0.8, "ship", 0.2));
    model.after("{\"c\":\"re", Map.of("fund", 0.9, "turn", 0.1));
    model.after("{\"c\":null,\"d\":", Map.of("t", 0.9, "f", 0.1));

    ToyModel.Answer answer = model.answer(abstaining(0.7), "");

    FieldConfidence confidence = answer.decoder().confidences().get(0);
    assertThat(answer.json())
        .as("what comes next is decided after the null")
        .isEqualTo("{\"c\":null,\"d\":true}");
    assertThat(confidence.abstained()).isTrue();
    assertThat(confidence.label()).isEqualTo("refund");
    assertThat(confidence.probability()).isCloseTo(0.9 * 0.8 * 0.9, within(1e-6));
    assertThat(confidence.distribution().get("null")).isCloseTo(0.1, within(1e-6));
    assertThat(answer.decoder().leastProbability())
        .as("a policy that thinks when unsure sees that it was")
        .isCloseTo(confidence.probability(), within(1e-6));
    assertThat(answer.decoder().confidences().get(1).abstained()).isFalse();
  }

  @Test
  void a_label_that_reaches_its_least_confidence_stands() {
    model.after("{\"c\":", Map.of("n", 0.1, "\"", 0.9));
    model.after("{\"c\":\"", Map.of("re", 0.8, "ship", 0.2));
    model.after("{\"c\":\"re", Map.of("fund", 0.9, "turn", 0.1));

    ToyModel.Answer answer = model.answer(abstaining(0.64), "");

    assertThat(answer.json()).startsWith("{\"c\":\"refund\"");
    assertThat(answer.decoder().confidences().get(0).abstained()).isFalse();
  }

  @Test
  void a_null_that_the_model_chose_is_no_abstention_however_unsure() {
    model.after("{\"c\":", Map.of("n", 0.5, "\"", 0.5));
    model.after("{\"c\":\"", Map.of("re", 0.5, "ship", 0.5));

    ToyModel.Answer answer = model.answer(abstaining(0.9), "");

    FieldConfidence confidence = answer.decoder().confidences().get(0);
    assertThat(answer.json()).startsWith("{\"c\":null");
    assertThat(confidence.label()).isEqualTo("null");
    assertThat(confidence.abstained()).isFalse();
  }

  @Test
  void a_boolean_that_may_be_null_abstains_too() {
    model.after("{\"c\":", Map.of("n", 0.1, "t", 0.5, "f", 0.4));

    ToyModel.Answer answer =
        model.answer(
            fields("{\"name\":\"c\",\"minConfidence\":0.6,\"type\":[\"null\",\"boolean\"]}"), "");

    assertThat(answer.json()).isEqualTo("{\"c\":null}");
    assertThat(answer.decoder().confidences().get(0).label()).isEqualTo("true");
    assertThat(answer.decoder().confidences().get(0).abstained()).isTrue();
  }

  @Test
  void confidences_of_items_name_their_positions() {
    String record = fields("{\"name\":\"k\",\"type\":\"boolean\"}").replace("\"A\"", "\"R\"");
    String items = "{\"type\":\"array\",\"items\":" + record + "}";
    String nested =
        fields(
            "{\"name\":\"c\",\"minItems\":2,\"maxItems\":2,\"type\":{\"type\":\"array\",\"minItems\":2,"
                + "\"maxItems\":2,\"items\":"
                + items.replaceFirst("\\{", "{\"minItems\":2,\"maxItems\":2,")
                + "}}");

    ToyModel.Answer answer = model.answer(nested, "");

    assertThat(answer.decoder().confidences())
        .extracting(FieldConfidence::field)
        .containsExactly("c[0][0].k", "c[0][1].k", "c[1][0].k", "c[1][1].k");
  }

  @Test
  void a_symbol_that_begins_another_in_an_array_left_the_decoder_waiting_with_nothing_to_read() {
    String schema =
        fields(
            "{\"name\":\"c\",\"minItems\":1,\"maxItems\":3,\"type\":{\"type\":\"array\",\"items\":"
                + enumeration("refund", "refund_now")
                + "}}");
    model.after("{\"c\":[\"refund", Map.of("\",\"", 0.8, "_now", 0.1, "\"", 0.1));
    model.after("{\"c\":[\"refund\",\"refund", Map.of("_now", 0.4, "\"", 0.6));

    ToyModel.Answer answer = model.answer(schema, "");

    assertThat(answer.json()).isEqualTo("{\"c\":[\"refund\",\"refund\"]}");
    assertThat(answer.decoder().forcedTokens())
        .isEqualTo(answer.decoder().tokens() - answer.decisions());
  }

  @Test
  void logits_before_probes_serve_the_next_decision_where_a_probe_was_in_between() {
    String schema =
        fields(
            "{\"name\":\"c\",\"minItems\":1,\"maxItems\":3,\"type\":{\"type\":\"array\",\"items\":"
                + enumeration("refund", "refund_now", "refund_now_ping")
                + "}}");
    model.after("{\"c\":[\"refund", Map.of("\",\"", 0.2, "\"", 0.4, "_now", 0.4));
    model.after("{\"c\":[\"refund_now", Map.of("\",\"", 0.3, "\"", 0.3, "_", 0.4));

    ToyModel.Answer answer = model.answer(schema, "");

    assertThat(answer.json()).isEqualTo("{\"c\":[\"refund\"]}");
    assertThat(answer.probes()).isEqualTo(1);
    assertThat(answer.decisions()).isEqualTo(1);
  }

  @Test
  void an_array_of_booleans_left_the_decoder_waiting_with_nothing_to_read() {
    ToyModel toy = new ToyModel(SyntheticVocabulary.of("\":["));
    String schema =
        fields(
            "{\"name\":\"c\",\"maxItems\":2,\"type\":{\"type\":\"array\",\"items\":\"boolean\"}}");
    toy.after("{\"c\":[", Map.of("]", 0.4, "t", 0.15, "f", 0.45));

    ToyModel.Answer answer = toy.answer(schema, "");

    assertThat(answer.json()).startsWith("{\"c\":[false");
    assertThat(answer.decoder().confidences().get(0).probability()).isCloseTo(0.75, within(1e-6));
  }
}
