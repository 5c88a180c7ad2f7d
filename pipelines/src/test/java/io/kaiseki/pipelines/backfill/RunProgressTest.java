package io.kaiseki.pipelines.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of runs that have no checkpoint any more. */
class RunProgressTest {

  private static final long PLANNED = 10_000;

  @Test
  void a_run_has_ended_once_every_document_of_its_plan_has_an_outcome() {
    assertThat(noted(10_000, 9_000, 600, 400).hasEnded(PLANNED)).isTrue();
  }

  @Test
  void a_file_that_has_grown_since_the_plan_does_not_keep_a_run_from_having_ended() {
    assertThat(noted(10_003, 10_003, 0, 0).hasEnded(PLANNED)).isTrue();
  }

  @Test
  void a_run_that_lost_its_checkpoints_halfway_is_not_taken_for_one_that_has_ended() {
    assertThat(noted(4_000, 3_900, 100, 0).hasEnded(PLANNED)).isFalse();
  }

  @Test
  void a_run_that_lost_its_checkpoints_with_documents_in_work_has_not_ended() {
    assertThat(noted(10_000, 9_992, 0, 0).hasEnded(PLANNED)).isFalse();
  }

  @Test
  void a_run_that_never_had_a_checkpoint_has_committed_nothing_and_not_ended() {
    RunProgress counted = noted(10_000, 10_000, 0, 0);

    assertThat(new RunProgress(counted.counts(), false).hasEnded(PLANNED)).isFalse();
    assertThat(RunProgress.NONE.hasEnded(PLANNED)).isFalse();
  }

  private static RunProgress noted(long documents, long results, long deadLetters, long skipped) {
    return new RunProgress(
        Map.of(
            Count.DOCUMENTS,
            documents,
            Count.RESULTS,
            results,
            Count.DEAD_LETTERS,
            deadLetters,
            Count.SKIPPED,
            skipped),
        true);
  }
}
