package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EarlierTextsTest {

  private static final int SUMMARY = 3;
  private static final int REASON = 5;

  /** The share of earlier texts that has to have gone on alike. */
  private static final float MOST = 0.75f;

  private final EarlierTexts texts = new EarlierTexts();

  @Test
  void of_the_first_text_nothing_is_known() {
    assertThat(begun(SUMMARY)).isEmpty();
    assertThat(begun(SUMMARY, 10)).isEmpty();
  }

  @Test
  void a_text_that_begins_like_an_earlier_one_likely_goes_on_like_it() {
    write(20, SUMMARY, 10, 11, 12);

    assertThat(begun(SUMMARY)).containsExactly(10, 11, 12);
    assertThat(begun(SUMMARY, 10)).containsExactly(11, 12);
    assertThat(begun(SUMMARY, 10, 11, 12)).isEmpty();
    assertThat(begun(SUMMARY, 99)).isEmpty();
  }

  @Test
  void two_earlier_texts_are_too_few_to_go_by() {
    write(2, SUMMARY, 10, 11);

    assertThat(begun(SUMMARY, 10)).isEmpty();
    assertThat(begun(SUMMARY, 10, 11)).isEmpty();
  }

  @Test
  void a_draft_ends_where_fewer_than_three_quarters_of_the_texts_went_on_so() {
    write(20, SUMMARY, 10, 11, 12);
    write(10, SUMMARY, 10, 11, 13);

    assertThat(begun(SUMMARY, 10)).containsExactly(11);
  }

  @Test
  void where_a_wrong_token_is_cheap_one_earlier_text_is_enough() {
    write(1, SUMMARY, 10, 11, 12);
    EarlierTexts.Path path = texts.path();
    path.begin(SUMMARY);

    assertThat(path.draft(new int[8], 8, MOST)).isZero();
    assertThat(path.draft(new int[8], 8, 0.5f)).isEqualTo(3);
  }

  @Test
  void texts_that_ended_count_as_well() {
    write(20, SUMMARY, 10, 11);
    write(10, SUMMARY, 10);

    assertThat(begun(SUMMARY, 10)).isEmpty();
  }

  @Test
  void fields_learn_apart() {
    write(20, SUMMARY, 10, 11);

    assertThat(begun(REASON)).isEmpty();
    assertThat(begun(REASON, 10)).isEmpty();
  }

  @Test
  void a_draft_has_no_more_tokens_than_asked_for() {
    write(20, SUMMARY, 10, 11, 12);
    EarlierTexts.Path path = texts.path();
    path.begin(SUMMARY);

    assertThat(path.draft(new int[8], 2, MOST)).isEqualTo(2);
  }

  @Test
  void a_text_that_has_ended_goes_on_with_nothing() {
    write(20, SUMMARY, 10, 11);
    EarlierTexts.Path path = texts.path();
    path.begin(SUMMARY);
    path.end();
    path.add(10);

    assertThat(path.draft(new int[8], 8, MOST)).isZero();
  }

  @Test
  void texts_side_by_side_are_told_apart() {
    write(20, SUMMARY, 10, 11);
    write(20, SUMMARY, 20, 21);
    EarlierTexts.Path one = texts.path();
    EarlierTexts.Path other = texts.path();
    one.begin(SUMMARY);
    other.begin(SUMMARY);
    one.add(10);
    other.add(20);

    assertThat(drafted(one)).containsExactly(11);
    assertThat(drafted(other)).containsExactly(21);
  }

  @Test
  void the_end_of_a_longText_is_not_kept() {
    int[] longText = new int[EarlierTexts.LONGEST + 5];
    Arrays.setAll(longText, i -> i);
    write(20, SUMMARY, longText);

    assertThat(begun(SUMMARY, Arrays.copyOf(longText, EarlierTexts.LONGEST - 1)))
        .containsExactly(EarlierTexts.LONGEST - 1);
    assertThat(begun(SUMMARY, Arrays.copyOf(longText, EarlierTexts.LONGEST))).isEmpty();
  }

  @Test
  void when_room_runs_out_what_came_once_is_forgotten_and_what_came_often_is_kept() {
    write(40, SUMMARY, 1, 2, 3);
    write(1, SUMMARY, 1, 2, 4);
    EarlierTexts.Path torn = texts.path();
    torn.begin(REASON);

    for (int token = 100; token < 100 + EarlierTexts.MOST_NODES; token++) {
      write(1, REASON, token);
    }

    assertThat(drafted(torn)).as("a text from before").isEmpty();
    assertThat(begun(REASON, 100)).isEmpty();
    assertThat(begun(SUMMARY, 1)).containsExactly(2, 3);
  }

  @Test
  void what_would_leave_no_room_is_forgotten_as_well() {
    for (int token = 0; token < EarlierTexts.MOST_NODES; token++) {
      write(2, SUMMARY, token);
    }
    write(20, REASON, 1, 2);

    assertThat(begun(REASON)).containsExactly(1, 2);
  }

  private void write(int times, int state, int... tokens) {
    EarlierTexts.Path path = texts.path();
    for (int time = 0; time < times; time++) {
      path.begin(state);
      for (int token : tokens) {
        path.add(token);
      }
      path.end();
    }
  }

  /** The draft behind tokens; the text that they begin counts as one more. */
  private int[] begun(int state, int... tokens) {
    EarlierTexts.Path path = texts.path();
    path.begin(state);
    for (int token : tokens) {
      path.add(token);
    }
    return drafted(path);
  }

  private static int[] drafted(EarlierTexts.Path path) {
    int[] into = new int[100];
    return Arrays.copyOf(into, path.draft(into, into.length, MOST));
  }
}
