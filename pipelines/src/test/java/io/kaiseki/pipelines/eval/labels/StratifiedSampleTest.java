package io.kaiseki.pipelines.eval.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedSampleTest {

  private static final List<String> ALL =
      IntStream.range(0, 30).mapToObj(i -> (i % 3 == 0 ? "b" : "a") + i).toList();

  @Test
  void what_rounding_leaves_over_goes_to_the_strata_that_lost_most() {
    // 7 of 30: a has 20 -> 4.67, b has 10 -> 2.33. Rounded down 4 and 2; the one left goes to a.
    List<String> sample = StratifiedSample.of(ALL, name -> name.substring(0, 1), 7, 1);

    assertThat(sample).filteredOn(name -> name.startsWith("a")).hasSize(5);
    assertThat(sample).filteredOn(name -> name.startsWith("b")).hasSize(2);
  }

  @Test
  void those_taken_keep_their_order_and_another_seed_takes_others() {
    List<String> one = StratifiedSample.of(ALL, name -> name.substring(0, 1), 10, 1);
    List<String> other = StratifiedSample.of(ALL, name -> name.substring(0, 1), 10, 2);

    assertThat(one).isEqualTo(ALL.stream().filter(one::contains).toList());
    assertThat(other).hasSize(10).isNotEqualTo(one);
  }

  @Test
  void a_sample_as_large_as_all_is_all() {
    assertThat(StratifiedSample.of(ALL, name -> "one", 30, 1)).isEqualTo(ALL);
    assertThat(StratifiedSample.of(ALL, name -> "one", 99, 1)).isEqualTo(ALL);
  }
}
