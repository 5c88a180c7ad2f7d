package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DraftLengthsTest {

  private final DraftLengths lengths = new DraftLengths();

  @Test
  void a_field_that_copies_sentences_is_drafted_as_far_as_can_be() {
    for (int quote = 0; quote < 20; quote++) {
      lengths.learn(3, lengths.next(3), lengths.next(3));
    }

    assertThat(lengths.next(3)).isEqualTo(DraftLengths.MOST);
  }

  @Test
  void a_field_that_copies_a_word_is_drafted_by_one_token_and_never_given_up() {
    for (int quote = 0; quote < 100; quote++) {
      lengths.learn(3, lengths.next(3), 0);
    }

    assertThat(lengths.next(3)).isEqualTo(1);
  }

  @Test
  void a_draft_that_was_cut_short_but_right_makes_the_next_no_shorter() {
    int before = lengths.next(3);

    lengths.learn(3, 1, 1);

    assertThat(lengths.next(3)).isEqualTo(before);
  }

  @Test
  void a_field_whose_drafts_find_no_room_is_tried_again_after_a_while() {
    for (int quote = 0; quote < 4; quote++) {
      lengths.learn(3, lengths.next(3), 0);
    }
    assertThat(lengths.next(3)).isEqualTo(2);

    for (int quote = 0; quote < 30; quote++) {
      lengths.skip(3);
    }

    assertThat(lengths.next(3)).isEqualTo(3);
  }

  @Test
  void fields_learn_apart() {
    int before = lengths.next(7);

    lengths.learn(3, 4, 0);

    assertThat(lengths.next(3)).isLessThan(before);
    assertThat(lengths.next(7)).isEqualTo(before);
  }
}
