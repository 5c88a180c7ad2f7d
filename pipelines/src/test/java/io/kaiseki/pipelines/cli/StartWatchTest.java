package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.kaiseki.pipelines.cluster.JobProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class StartWatchTest {

  private static final Optional<JobProgress> NO_ANSWER = Optional.empty();

  private final StringWriter out = new StringWriter();

  @Test
  void a_job_that_starts_is_watched_until_all_of_its_tasks_run() throws Exception {
    assertThat(watch(Duration.ZERO, List.of(starting(1), starting(1), running()))).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "CREATED: 1 of 4 tasks run; it needs 2 task slots, 3 are free",
            "All tasks run. Stop it with: flink stop j1");
  }

  @Test
  void a_job_manager_that_does_not_answer_for_a_while_does_not_end_the_watch() throws Exception {
    assertThat(
            watch(
                Duration.ofMinutes(1),
                List.of(NO_ANSWER, NO_ANSWER, starting(2), NO_ANSWER, running())))
        .isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "No answer from Flink at flink:8081 (java.io.IOException: status 503); asking for 60 s"
                + " more",
            "CREATED: 2 of 4 tasks run; it needs 2 task slots, 3 are free",
            "No answer from Flink at flink:8081 (java.io.IOException: status 503); asking for 60 s"
                + " more",
            "All tasks run. Stop it with: flink stop j1");
  }

  @Test
  void one_that_stays_silent_ends_the_watch_with_what_may_have_become_of_the_job() {
    assertThatIllegalStateException()
        .isThrownBy(() -> watch(Duration.ZERO, List.of(NO_ANSWER)))
        .withMessage(
            "job j1 was submitted and may be running, but Flink at flink:8081 has not answered for"
                + " 0 s (java.io.IOException: status 503); look at http://flink:8081, or stop the"
                + " job with: flink stop j1");
  }

  @Test
  void a_job_that_a_cluster_recovers_after_a_restart_is_waited_for() throws Exception {
    assertThat(
            watch(
                Duration.ofMinutes(1),
                List.of(NO_ANSWER, unknown(), unknown(), starting(2), running())))
        .isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "No answer from Flink at flink:8081 (java.io.IOException: status 503); asking for 60 s"
                + " more",
            "Flink at flink:8081 does not know job j1; asking for 60 s more",
            "CREATED: 2 of 4 tasks run; it needs 2 task slots, 3 are free",
            "All tasks run. Stop it with: flink stop j1");
  }

  @Test
  void one_that_the_cluster_has_forgotten_is_to_be_submitted_again() {
    assertThatIllegalStateException()
        .isThrownBy(() -> watch(Duration.ZERO, List.of(unknown())))
        .withMessage(
            "Flink at flink:8081 has not known job j1 for 0 s: a JobManager that restarts without"
                + " high availability forgets its jobs; submit it again");
  }

  @Test
  void a_job_that_ends_is_no_start() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                watch(
                    Duration.ofMinutes(1),
                    List.of(NO_ANSWER, Optional.of(new JobProgress.Ended("FAILED", "no slots")))))
        .withMessage("job j1 ended as FAILED: no slots");
  }

  private static Optional<JobProgress> starting(int tasks) {
    return Optional.of(new JobProgress.Starting("CREATED", tasks, 4));
  }

  private static Optional<JobProgress> unknown() {
    return Optional.of(new JobProgress.Unknown());
  }

  private static Optional<JobProgress> running() {
    return Optional.of(new JobProgress.Running());
  }

  /** Watches a job whose cluster gives these answers, one to each question. */
  private int watch(Duration patience, List<Optional<JobProgress>> answers)
      throws InterruptedException {
    Queue<Optional<JobProgress>> left = new ArrayDeque<>(answers);
    StartWatch.Submitted job =
        new StartWatch.Submitted() {
          @Override
          public JobProgress progress() throws IOException {
            return left.remove().orElseThrow(() -> new IOException("status 503"));
          }

          @Override
          public int freeSlots() {
            return 3;
          }
        };
    return new StartWatch(
            job,
            new StartWatch.Told("j1", 2, "flink:8081", "flink stop j1"),
            new StartWatch.Times(patience, Duration.ZERO),
            StopSignal.none(),
            new PrintWriter(out))
        .untilRunning();
  }
}
