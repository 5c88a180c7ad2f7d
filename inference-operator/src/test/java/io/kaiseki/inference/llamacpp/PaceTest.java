package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.inference.llamacpp.Pace.Load;
import io.kaiseki.inference.llamacpp.Pace.Turn;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long MILLI = 1_000_000;

  private final Pace pace = new Pace(512);
  private long now = -5_000 * MILLI;

  @Test
  void a_lane_that_is_alone_has_every_step() {
    assertThat(pace.next(now, true, false, false)).isEqualTo(Turn.EVERYONE);
    assertThat(pace.next(now, true, true, false)).isEqualTo(Turn.EVERYONE);
    assertThat(pace.next(now, false, false, true)).isEqualTo(Turn.EVERYONE);
  }

  @Test
  void beside_live_requests_backfill_keeps_its_share_of_the_time() {
    double live = 0;
    double backfill = 0;
    for (int step = 0; step < 20_000; step++) {
      if (pace.next(now, true, false, true) == Turn.LIVE) {
        pace.ran(2, 30 * MILLI);
        live += 30;
      } else {
        pace.ran(8, 150 * MILLI);
        backfill += 150;
      }
    }

    assertThat(backfill / (live + backfill)).isCloseTo(Pace.BACKFILL_SHARE, within(0.01));
  }

  @Test
  void backfill_has_no_turn_while_live_requests_wait_for_a_slot() {
    for (int step = 0; step < 1_000; step++) {
      assertThat(pace.next(now, true, true, true)).isEqualTo(Turn.LIVE);
      pace.ran(8, 150 * MILLI);
    }
  }

  @Test
  void what_backfill_has_saved_up_is_gone_once_it_had_the_engine_for_itself() {
    for (int step = 0; step < 100; step++) {
      pace.next(now, true, true, true);
      pace.ran(8, 150 * MILLI);
    }
    pace.next(now, false, false, true);

    assertThat(pace.next(now, true, false, true)).isEqualTo(Turn.LIVE);
  }

  @Test
  void what_backfill_saves_up_while_live_requests_wait_is_spent_in_one_step_at_most() {
    for (int step = 0; step < 1_000; step++) {
      pace.next(now, true, true, true);
      pace.ran(8, 150 * MILLI);
    }
    long spent = 0;
    while (pace.next(now, true, false, true) == Turn.BACKFILL) {
      pace.ran(8, 150 * MILLI);
      spent += 150 * MILLI;
    }

    assertThat(spent).isPositive().isLessThanOrEqualTo(Pace.STEP_NANOS);
  }

  @Test
  void a_machine_that_has_not_shown_its_speed_gets_full_batches() {
    pace.next(now, false, false, true);

    assertThat(pace.tokens()).isEqualTo(512);
  }

  @Test
  void where_no_live_request_has_come_for_a_while_batches_are_full() {
    live();
    run(512, 60_000 * MILLI);
    now += Pace.EXPECTING_NANOS;
    run(512, 60_000 * MILLI);

    assertThat(pace.tokens()).isEqualTo(512);
  }

  @Test
  void a_live_request_alone_reads_its_document_in_full_batches() {
    run(512, 60_000 * MILLI);
    live();

    assertThat(pace.tokens()).isEqualTo(512);
  }

  @Test
  void a_fast_machine_keeps_full_batches() {
    live();
    run(512, 40 * MILLI);

    assertThat(pace.tokens()).isEqualTo(512);
  }

  @Test
  void a_slow_machine_gets_batches_of_the_length_that_a_live_request_may_have_to_wait() {
    live();
    run(512, 2_560 * MILLI);

    assertThat(pace.tokens()).isEqualTo((int) (Pace.STEP_NANOS / (5.0 * MILLI)));
  }

  @Test
  void batches_never_become_so_small_that_they_waste_the_machine() {
    live();
    run(512, 60_000 * MILLI);

    assertThat(pace.tokens()).isEqualTo(Pace.LEAST_TOKENS);
  }

  @Test
  void steps_of_few_tokens_say_nothing_about_large_ones() {
    live();
    run(512, 40 * MILLI);
    for (int step = 0; step < 100; step++) {
      run(1, 30 * MILLI);
    }

    assertThat(pace.tokens()).isEqualTo(512);
  }

  private void live() {
    pace.next(now, true, false, false);
  }

  private void run(int tokens, long nanos) {
    pace.next(now, false, false, true);
    pace.ran(tokens, nanos);
  }

  @Test
  void few_tokens_share_a_step() {
    pace.next(now, false, false, true);

    assertThat(pace.load(16, 47, 0)).isEqualTo(Load.BOTH);
    assertThat(pace.load(0, 4_000, 0)).isEqualTo(Load.BOTH);
    assertThat(pace.load(300, 0, 0)).isEqualTo(Load.BOTH);
  }

  @Test
  void documents_and_decisions_of_more_than_a_tile_take_turns() {
    for (int step = 0; step < 10; step++) {
      pace.next(now, false, false, true);
      assertThat(pace.load(16, 48, 0)).isEqualTo(step % 2 == 0 ? Load.DOCUMENTS : Load.DECISIONS);
    }
  }

  @Test
  void while_more_requests_wait_documents_are_gathered_until_that_costs_as_much_as_their_step() {
    int gathered = 0;
    pace.next(now, false, false, true);
    while (pace.load(15, 70, 1 / 16.0) == Load.DECISIONS) {
      gathered++;
      pace.next(now, false, false, true);
    }

    assertThat(gathered / 16.0).isCloseTo(Pace.DOCUMENT_STEP, within(1 / 16.0));
    assertThat(pace.load(15, 70, 1 / 16.0)).as("the decisions' turn").isEqualTo(Load.DECISIONS);
    assertThat(pace.load(14, 140, 0)).as("nobody waits any more").isEqualTo(Load.DOCUMENTS);
  }

  @Test
  void documents_that_fill_a_step_wait_for_no_others() {
    pace.next(now, false, false, true);

    assertThat(pace.load(8, 512, 0.5)).isEqualTo(Load.DOCUMENTS);
  }

  @Test
  void documents_are_not_gathered_beside_live_requests_nor_while_these_are_reckoned_with() {
    pace.next(now, true, true, true);
    assertThat(pace.load(15, 70, 1 / 16.0)).isEqualTo(Load.DOCUMENTS);
    run(512, 2_560 * MILLI);
    assertThat(pace.load(15, 70, 1 / 16.0)).isEqualTo(Load.DOCUMENTS);
  }

  @Test
  void a_step_of_live_requests_takes_no_turn_from_the_decisions_of_backfill() {
    pace.next(now, true, false, true);
    assertThat(pace.load(1, 200, 0)).isEqualTo(Load.DOCUMENTS);
    backfillTurn();
    assertThat(pace.load(8, 200, 0)).isEqualTo(Load.DOCUMENTS);
    pace.ran(200, 500 * MILLI);
    pace.next(now, true, false, true);
    assertThat(pace.load(1, 200, 0)).isEqualTo(Load.DECISIONS);
    backfillTurn();

    assertThat(pace.load(8, 200, 0)).isEqualTo(Load.DECISIONS);
  }

  private void backfillTurn() {
    while (pace.next(now, true, false, true) == Turn.LIVE) {
      pace.ran(8, 150 * MILLI);
    }
  }

  @Test
  void a_step_of_decisions_is_filled_up_to_whole_groups_of_rows_with_documents_that_wait() {
    assertThat(Pace.filledUp(17, 200)).isEqualTo(20);
    assertThat(Pace.filledUp(18, 2)).isEqualTo(20);
    assertThat(Pace.filledUp(16, 200)).isEqualTo(16);
    assertThat(Pace.filledUp(17, 2)).as("too little waits").isEqualTo(17);
    assertThat(Pace.filledUp(2, 200)).as("two rows take less time than four").isEqualTo(2);
    assertThat(Pace.filledUp(61, 200)).as("64 would be a tile").isEqualTo(61);
    assertThat(Pace.filledUp(65, 200)).isEqualTo(68);
  }

  @Test
  void less_of_documents_than_a_group_of_rows_has_no_step_of_its_own() {
    assertThat(pace.load(63, 3, 0)).isEqualTo(Load.BOTH);
    assertThat(pace.load(63, 4, 0)).isEqualTo(Load.DOCUMENTS);
  }

  @Test
  void what_is_left_over_of_documents_has_a_step_of_its_own_where_decisions_leave_no_room() {
    assertThat(pace.load(512, 3, 0)).isEqualTo(Load.DOCUMENTS);
    assertThat(Pace.documentRows(3)).isEqualTo(3);
    assertThat(Pace.documentRows(11)).isEqualTo(8);
  }

  @Test
  void decisions_that_take_several_steps_leave_none_of_them_to_documents_that_there_are_none_of() {
    assertThat(pace.load(1_000, 0, 0)).isEqualTo(Load.BOTH);
    assertThat(pace.load(1_000, 0, 0)).isEqualTo(Load.BOTH);
  }

  @Test
  void decisions_that_had_a_step_with_documents_wait_no_longer() {
    assertThat(pace.load(16, 48, 0)).isEqualTo(Load.DOCUMENTS);
    assertThat(pace.load(16, 0, 0)).isEqualTo(Load.BOTH);

    assertThat(pace.load(16, 48, 0)).isEqualTo(Load.DOCUMENTS);
  }

  @Test
  void the_more_decisions_share_a_step_the_surer_a_draft_has_to_be() {
    assertThat(Pace.worthDrafting(1)).isLessThan(0.2f);
    assertThat(Pace.worthDrafting(4)).isLessThan(0.5f);
    assertThat(Pace.worthDrafting(16)).isGreaterThan(0.75f).isLessThan(0.8f);
  }

  @Test
  void drafts_stay_below_a_tile() {
    assertThat(Pace.untilTile(16)).isEqualTo(Pace.TILE_ROWS - 17);
    assertThat(Pace.untilTile(Pace.TILE_ROWS + 20)).isZero();
  }
}
