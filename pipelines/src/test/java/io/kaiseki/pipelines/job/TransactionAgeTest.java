package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.DeliverySettings.Guarantee;
import java.time.Duration;
import org.apache.flink.util.FlinkException;
import org.junit.jupiter.api.Test;

class TransactionAgeTest {

  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration CHECKPOINT = Duration.ofMinutes(5);
  private static final Duration TRANSACTION = Duration.ofMinutes(12);

  /** Any, as System.nanoTime has it. */
  private long nanos = Long.MAX_VALUE - 1_000;

  private long checkpoint;

  @Test
  void checkpoints_that_fail_for_too_long_fail_the_task_before_the_broker_gives_results_up()
      throws Exception {
    TransactionAge age = age(Guarantee.EXACTLY_ONCE, INTERVAL, TRANSACTION);
    age.barrier(++checkpoint);
    age.complete(checkpoint);
    for (int i = 0; i < 42; i++) {
      pass(INTERVAL);
      age.barrier(++checkpoint);
    }
    pass(INTERVAL);

    assertThatThrownBy(() -> age.barrier(++checkpoint))
        .isInstanceOf(FlinkException.class)
        .hasMessageContaining("430s")
        .hasMessageContaining("job.transaction-timeout = 12m")
        .hasMessageContaining("job.checkpoint-timeout = 5m");
  }

  @Test
  void a_barrier_that_a_record_held_up_for_too_long_fails_the_task() {
    TransactionAge age = age(Guarantee.EXACTLY_ONCE, INTERVAL, TRANSACTION);
    pass(Duration.ofMinutes(13));

    assertThatThrownBy(() -> age.barrier(++checkpoint)).isInstanceOf(FlinkException.class);
  }

  @Test
  void time_counts_from_the_barrier_of_the_last_complete_checkpoint_and_not_from_its_end()
      throws Exception {
    TransactionAge age = age(Guarantee.EXACTLY_ONCE, INTERVAL, TRANSACTION);
    pass(Duration.ofMinutes(6));
    age.barrier(++checkpoint);
    pass(Duration.ofMinutes(4));
    age.complete(checkpoint);
    pass(Duration.ofMinutes(2));
    age.barrier(++checkpoint);
    pass(Duration.ofMinutes(2));

    assertThatThrownBy(() -> age.barrier(++checkpoint)).isInstanceOf(FlinkException.class);
  }

  @Test
  void a_checkpoint_that_is_complete_commits_what_failed_ones_before_it_have_left()
      throws Exception {
    TransactionAge age = age(Guarantee.EXACTLY_ONCE, INTERVAL, TRANSACTION);
    for (int i = 0; i < 3; i++) {
      pass(Duration.ofMinutes(2));
      age.barrier(++checkpoint);
    }
    age.complete(checkpoint);
    pass(Duration.ofMinutes(6));

    assertThatCode(() -> age.barrier(++checkpoint)).doesNotThrowAnyException();
  }

  @Test
  void a_checkpoint_from_before_the_task_began_changes_nothing() {
    TransactionAge age = age(Guarantee.EXACTLY_ONCE, INTERVAL, TRANSACTION);
    age.complete(7);
    pass(Duration.ofMinutes(6));

    assertThatCode(() -> age.barrier(8)).doesNotThrowAnyException();
  }

  @Test
  void a_job_with_a_long_interval_goes_on() throws Exception {
    Duration hour = Duration.ofHours(1);
    TransactionAge age = age(Guarantee.EXACTLY_ONCE, hour, hour.plusMinutes(8));
    age.barrier(++checkpoint);
    age.complete(checkpoint);
    pass(hour);

    assertThatCode(() -> age.barrier(++checkpoint)).doesNotThrowAnyException();
  }

  @Test
  void a_job_with_slow_checkpoints_goes_on() throws Exception {
    TransactionAge age = age(Guarantee.EXACTLY_ONCE, INTERVAL, Duration.ofMinutes(8));
    age.barrier(++checkpoint);
    pass(CHECKPOINT);
    age.complete(checkpoint);

    assertThatCode(() -> age.barrier(++checkpoint)).doesNotThrowAnyException();
  }

  @Test
  void a_job_without_transactions_waits_for_as_long_as_it_takes() {
    TransactionAge age = age(Guarantee.AT_LEAST_ONCE, INTERVAL, TRANSACTION);
    pass(Duration.ofHours(3));

    assertThatCode(() -> age.barrier(++checkpoint)).doesNotThrowAnyException();
  }

  private TransactionAge age(Guarantee guarantee, Duration interval, Duration transactionTimeout) {
    return new TransactionAge(
        new DeliverySettings(
            guarantee, "file:///checkpoints", interval, CHECKPOINT, transactionTimeout),
        () -> nanos);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }
}
