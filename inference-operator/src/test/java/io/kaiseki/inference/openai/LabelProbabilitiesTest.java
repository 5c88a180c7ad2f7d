package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.contract.Contract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class LabelProbabilitiesTest {

  private static final Contract CONTRACT =
      Contract.of(
          new Schema.Parser()
              .parse(
                  """
                  {"type":"record","name":"Letter","fields":[
                    {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["good","bad"]}},
                    {"name":"paid","type":"boolean"}]}
                  """));

  private final ObjectNode reply = new JsonMapper().createObjectNode();
  private final ArrayNode tokens;

  LabelProbabilitiesTest() {
    ObjectNode choice = reply.putArray("choices").addObject();
    choice.putObject("message").put("content", "{\"kind\":\"good\",\"paid\":true}");
    tokens = choice.putObject("logprobs").putArray("content");
  }

  @Test
  void a_label_has_its_share_of_what_leads_to_any_label() {
    token("{\"kind\":", 1, Map.of());
    token("\"good", 0.6, Map.of("\"good", 0.6, "\"bad", 0.2, "\"fair", 0.2));
    token("\",\"paid\":", 1, Map.of());
    token("true", 0.9, Map.of("true", 0.9, "false", 0.1));
    token("}", 1, Map.of());

    List<FieldConfidence> confidences = confidences();
    assertThat(confidences).extracting(FieldConfidence::field).containsExactly("kind", "paid");
    assertThat(confidences.get(0).probability()).isCloseTo(0.75, within(1e-9));
    assertThat(confidences.get(1).probability()).isCloseTo(0.9, within(1e-9));
  }

  @Test
  void a_token_without_alternatives_gives_its_field_no_confidence_and_leaves_the_others_theirs() {
    token("{\"kind\":", 1, Map.of());
    token("\"good", 0.6, Map.of());
    token("\",\"paid\":", 1, Map.of());
    token("true", 0.9, Map.of("true", 0.9, "false", 0.1));
    token("}", 1, Map.of());

    assertThat(confidences()).extracting(FieldConfidence::field).containsExactly("paid");
  }

  @Test
  void a_token_that_stands_alone_among_its_alternatives_counts_only_where_it_is_certain() {
    token("{\"kind\":", 1, Map.of());
    token("\"good", 0.6, Map.of("\"good", 0.6));
    token("\",\"paid\":", 1, Map.of());
    token("true", 1, Map.of("true", 1.0));
    token("}", 1, Map.of());

    assertThat(confidences()).extracting(FieldConfidence::field).containsExactly("paid");
  }

  @Test
  void a_token_that_fits_no_label_gives_its_field_no_confidence() {
    token("{\"kind\":", 1, Map.of());
    token("\"g", 0.5, Map.of("\"g", 0.5, "\"b", 0.5));
    token("ood", 0.5, Map.of("ood", 0.5, "reat", 0.5));
    token("\",\"paid\":", 1, Map.of());
    token("t", 0, Map.of("x", 0.7, "y", 0.3));
    token("rue}", 1, Map.of());

    assertThat(confidences()).extracting(FieldConfidence::field).containsExactly("kind");
  }

  @Test
  void a_probability_that_is_written_as_null_is_none() {
    token("{\"kind\":", 1, Map.of());
    token("\"good", 0.6, Map.of("\"good", 0.6));
    ((ArrayNode) tokens.get(1).get("top_logprobs"))
        .addObject()
        .put("token", "\"bad")
        .putNull("logprob");
    token("\",\"paid\":true}", 1, Map.of());

    assertThat(confidences())
        .singleElement()
        .satisfies(of -> assertThat(of.distribution()).containsEntry("bad", 0.0));
  }

  private List<FieldConfidence> confidences() {
    byte[] body = reply.toString().getBytes(StandardCharsets.UTF_8);
    return LabelProbabilities.of(ChatReply.read(body).orElseThrow(), CONTRACT.type());
  }

  private void token(String text, double probability, Map<String, Double> top) {
    ObjectNode token = tokens.addObject().put("token", text).put("logprob", log(probability));
    ArrayNode alternatives = token.putArray("top_logprobs");
    top.forEach(
        (other, of) -> alternatives.addObject().put("token", other).put("logprob", log(of)));
  }

  /** JSON has no infinity; servers write a number that is as good as one. */
  private static double log(double probability) {
    return probability == 0 ? -9_999 : Math.log(probability);
  }
}
