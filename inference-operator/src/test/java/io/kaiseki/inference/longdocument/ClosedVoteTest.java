package io.kaiseki.inference.longdocument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.inference.FieldConfidence;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClosedVoteTest {

  @Test
  void one_sure_part_outvotes_many_that_do_not_know() {
    List<ClosedVote.Ballot> ballots =
        List.of(
            ballot(100, 0.52, 0.48),
            ballot(100, 0.52, 0.48),
            ballot(100, 0.52, 0.48),
            ballot(100, 0.03, 0.97));

    FieldConfidence elected = ClosedVote.of(ballots);

    assertThat(elected.label()).isEqualTo("b");
    assertThat(elected.probability()).isGreaterThan(0.9);
    assertThat(sum(elected)).isCloseTo(1, within(1e-9));
  }

  @Test
  void the_weight_is_length_times_evidence() {
    // Evidence of (0.9, 0.1) is 1 - 0.325083/ln 2 = 0.531004; of (0.2, 0.8), 0.278072.
    double first = 300 * 0.531004;
    double second = 100 * 0.278072;

    FieldConfidence elected = ClosedVote.of(List.of(ballot(300, 0.9, 0.1), ballot(100, 0.2, 0.8)));

    assertThat(elected.probability())
        .isCloseTo((first * 0.9 + second * 0.2) / (first + second), within(1e-5));
  }

  @Test
  void without_any_evidence_the_longer_parts_count_more() {
    FieldConfidence elected = ClosedVote.of(List.of(ballot(10, 0.5, 0.5), ballot(90, 0.5, 0.5)));

    assertThat(elected.distribution()).containsExactly(Map.entry("a", 0.5), Map.entry("b", 0.5));
  }

  @Test
  void one_part_can_not_rule_a_label_out() {
    FieldConfidence elected =
        ClosedVote.of(List.of(ballot(100, 0.99, 0.01), ballot(100, 0.99, 0.01), ballot(100, 0, 1)));

    assertThat(elected.label()).isEqualTo("a");
  }

  @Test
  void parts_that_say_nothing_do_not_make_a_field_null() {
    FieldConfidence elected =
        ClosedVote.ofNullable(
            List.of(nullable(0.98, 0.02), nullable(0.99, 0.01), nullable(0.3, 0.7)), 0);

    assertThat(elected.label()).isEqualTo("yes");
    assertThat(elected.probability()).isEqualTo(0.7);
  }

  @Test
  void a_field_is_null_where_all_parts_say_nothing() {
    FieldConfidence elected =
        ClosedVote.ofNullable(List.of(nullable(0.98, 0.02), nullable(0.9, 0.1)), 0.9);

    assertThat(elected.label()).isEqualTo("null");
    assertThat(elected.abstained()).isFalse();
  }

  @Test
  void a_label_that_is_less_sure_than_the_schema_asks_for_gives_way_to_null() {
    FieldConfidence elected = ClosedVote.ofNullable(List.of(nullable(0.3, 0.7)), 0.8);

    assertThat(elected.label()).isEqualTo("yes");
    assertThat(elected.abstained()).isTrue();
  }

  private static ClosedVote.Ballot ballot(int characters, double a, double b) {
    return new ClosedVote.Ballot(characters, confidence(labels("a", a, "b", b)));
  }

  private static ClosedVote.Ballot nullable(double none, double yes) {
    return new ClosedVote.Ballot(100, confidence(labels("null", none, "yes", yes)));
  }

  private static Map<String, Double> labels(String one, double p, String other, double q) {
    Map<String, Double> labels = new LinkedHashMap<>();
    labels.put(one, p);
    labels.put(other, q);
    return labels;
  }

  private static FieldConfidence confidence(Map<String, Double> labels) {
    Map.Entry<String, Double> best =
        labels.entrySet().stream()
            .max(Comparator.comparingDouble(Map.Entry::getValue))
            .orElseThrow();
    return new FieldConfidence("field", best.getKey(), best.getValue(), labels);
  }

  private static double sum(FieldConfidence confidence) {
    return confidence.distribution().values().stream().mapToDouble(p -> p).sum();
  }
}
