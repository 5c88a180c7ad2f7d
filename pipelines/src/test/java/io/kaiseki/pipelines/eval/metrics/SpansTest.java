package io.kaiseki.pipelines.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpansTest {

  @Test
  void overlap_counts_words_as_often_as_both_sides_have_them() {
    // Truth: my new card; answer: the new, new card. Common: new, card. 2 * 2 / (3 + 4).
    assertThat(spans(List.of("my new card"), List.of("The NEW, new card")).overlap())
        .isCloseTo(4.0 / 7, within(1e-12));
  }

  @Test
  void nothing_found_where_nothing_is_there_is_right() {
    assertThat(spans(List.of(), List.of()).exact()).isTrue();
    assertThat(spans(List.of(), List.of()).overlap()).isEqualTo(1);
    assertThat(spans(List.of(), List.of("x")).overlap()).isZero();
    assertThat(spans(List.of("x"), List.of()).overlap()).isZero();
  }

  @Test
  void a_document_that_failed_is_wrong_even_where_nothing_was_to_be_found() {
    assertThat(Spans.failed(List.of()).exact()).isFalse();
    assertThat(Spans.failed(List.of()).overlap()).isZero();
  }

  @Test
  void the_order_of_a_list_does_not_matter() {
    assertThat(spans(List.of("A-1", "B-2"), List.of("B-2", "A-1")).exact()).isTrue();
  }

  @Test
  void precision_recall_and_f1_are_over_the_elements_of_all_documents() {
    // Elements: 3 expected, 4 found, 2 of them the same.
    OpenScore score =
        OpenScore.of(
            List.of(
                spans(List.of("a", "b"), List.of("a", "c")),
                spans(List.of("d"), List.of("d")),
                spans(List.of(), List.of("e")),
                spans(List.of(), List.of())));

    assertThat(score.precision()).isCloseTo(0.5, within(1e-12));
    assertThat(score.recall()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(score.f1()).isCloseTo(4.0 / 7, within(1e-12));
    assertThat(score.exact()).isEqualTo(new Proportion(2, 4));
  }

  private static Spans spans(List<String> expected, List<String> found) {
    return new Spans(expected, found, true);
  }
}
