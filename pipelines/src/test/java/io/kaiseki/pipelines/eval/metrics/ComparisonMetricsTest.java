package io.kaiseki.pipelines.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What rests on tests and intervals of the statistics library. */
class ComparisonMetricsTest {

  @Test
  void mcnemar_is_a_fair_coin_over_the_documents_that_only_one_run_has_right() {
    // P(at most 1 of 6 or at least 5) = 2 (1 + 6) / 64.
    assertThat(new McNemar(1, 5, 100).p()).isCloseTo(14.0 / 64, within(1e-12));
    assertThat(new McNemar(5, 1, 100).p()).isCloseTo(14.0 / 64, within(1e-12));
    assertThat(new McNemar(0, 10, 50).p()).isCloseTo(2.0 / 1024, within(1e-12));
  }

  @Test
  void the_p_of_every_pair_is_the_exact_one() {
    for (int differing = 1; differing <= 100; differing++) {
      BigDecimal sequences = new BigDecimal(BigInteger.TWO.pow(differing));
      BigInteger ways = BigInteger.ONE;
      BigInteger atMost = BigInteger.ZERO;
      for (int fewer = 0; 2 * fewer <= differing; fewer++) {
        atMost = atMost.add(ways);
        ways =
            ways.multiply(BigInteger.valueOf(differing - fewer))
                .divide(BigInteger.valueOf(fewer + 1));
        double exact =
            new BigDecimal(atMost.multiply(BigInteger.TWO))
                .divide(sequences, MathContext.DECIMAL64)
                .min(BigDecimal.ONE)
                .doubleValue();
        int more = differing - fewer;

        assertThat(new McNemar(fewer, more, 200).p())
            .as("%d and %d", fewer, more)
            .isCloseTo(exact, within(1e-12));
        assertThat(new McNemar(more, fewer, 200).p())
            .as("%d and %d", more, fewer)
            .isCloseTo(exact, within(1e-12));
      }
    }
  }

  @Test
  void runs_that_differ_nowhere_or_evenly_have_a_p_of_one() {
    assertThat(new McNemar(0, 0, 10).p()).isEqualTo(1);
    assertThat(new McNemar(4, 4, 10).p()).isEqualTo(1);
  }

  @Test
  void the_sentence_names_the_better_run_and_says_whether_chance_explains_it() {
    assertThat(new McNemar(0, 10, 50).sentence("old", "new"))
        .contains("0 are right only in old and 10 only in new")
        .contains("new is better");
    assertThat(new McNemar(5, 1, 50).sentence("old", "new"))
        .contains("old is ahead, but chance explains it too");
    assertThat(new McNemar(3, 3, 50).sentence("old", "new")).contains("no difference");
  }

  @Test
  void auroc_is_the_part_of_pairs_in_order_with_ties_counting_half() {
    // Pairs: (3,1) won, (3,2) won, (2,1) won, (2,2) tied.
    assertThat(Separation.auroc(List.of(3.0, 2.0), List.of(1.0, 2.0)).getAsDouble())
        .isCloseTo(3.5 / 4, within(1e-12));
    assertThat(Separation.auroc(List.of(0.0), List.of(1.0, 1.0)).getAsDouble()).isZero();
    assertThat(Separation.auroc(List.of(), List.of(1.0))).isEmpty();
  }

  @Test
  void the_interval_of_a_proportion_is_wilsons() {
    // Wilson (1927) for 8 of 10: (0.8 + 1.9208 / 10 -+ ...) / (1 + 3.8415 / 10).
    Proportion proportion = new Proportion(8, 10);

    assertThat(proportion.value()).isEqualTo(0.8);
    assertThat(proportion.lower()).isCloseTo(0.4902, within(5e-5));
    assertThat(proportion.upper()).isCloseTo(0.9433, within(5e-5));
  }

  @Test
  void intervals_stay_within_nothing_and_everything() {
    assertThat(new Proportion(0, 5).lower()).isZero();
    assertThat(new Proportion(5, 5).upper()).isEqualTo(1);
    assertThat(new Proportion(0, 0).lower()).isZero();
    assertThat(new Proportion(0, 0).upper()).isEqualTo(1);
  }
}
