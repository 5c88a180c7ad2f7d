package io.kaiseki.pipelines.backfill;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.backfill.BackfillResult.End;
import io.kaiseki.pipelines.backfill.done.DoneDocuments;
import io.kaiseki.pipelines.backfill.done.FingerprintSet;
import io.kaiseki.pipelines.backfill.done.LeftTransactions;
import io.kaiseki.pipelines.backfill.source.ArchiveSource;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.TopicSchemas;
import io.kaiseki.pipelines.kafka.ReadListener;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a backfill in this process, from where an earlier process left it.
 *
 * <p><b>Once.</b> Documents are read, analysed and written as the streaming job does it, in
 * transactions that are committed with checkpoints. The same run begins from its latest checkpoint
 * under the same transactional ids, so that what a killed process had written without committing is
 * given up at once. Before it begins, the results topic is read, and documents that have a result
 * of the same text and analysis are left out.
 *
 * @param definition the analysis; its documents topic is the one that is read, if one is
 * @param settings how the job is connected; its name is the run's, and its parallelism 1, because
 *     Flink forgets the counts of a subtask that ends before the others
 * @param engine where the job gets its engine
 * @param schemas ids of the schemas
 * @param largestDeadLetter most bytes that the dead-letter topic takes
 */
public record Backfill(
    BackfillOptions options,
    AnalysisDefinition definition,
    JobSettings settings,
    EngineSource engine,
    TopicSchemas schemas,
    OptionalInt largestDeadLetter) {

  private static final Duration TICK = Duration.ofMillis(250);

  /** The broker looks for transactions whose time is over every few seconds only. */
  private static final Duration EXPIRY = Duration.ofMinutes(1);

  /** Ticks between two notes of how far it has come. */
  private static final int NOTE_TICKS = 4;

  /**
   * Runs it to its end, or until a stop is requested.
   *
   * @param directory of the run, which the caller closes
   * @param plan what is to be done
   * @throws IllegalStateException if the job fails, or a stop is requested before it has begun; the
   *     same run goes on from its checkpoint
   */
  public BackfillResult run(RunDirectory directory, RunPlan plan, BackfillListener listener)
      throws IOException, InterruptedException {
    if (plan.documents() == 0) {
      directory.finish();
      return ended(Counts.NONE);
    }
    RunProgress last = directory.progress();
    if (plan.resumed() && directory.checkpoint().isEmpty() && last.hasEnded(plan.documents())) {
      // Its checkpoint goes when a job has ended, so this one had, and was killed a moment later.
      directory.finish();
      return ended(new Counts(last.counts()));
    }
    try (RunScope scope = RunScope.open(done(directory, listener))) {
      return run(scope, directory, plan, listener);
    }
  }

  private BackfillResult run(
      RunScope scope, RunDirectory directory, RunPlan plan, BackfillListener listener)
      throws IOException, InterruptedException {
    BackfillInput input = input(scope, directory, plan);
    AnalysisJob job = new AnalysisJob(definition, settings, engine, schemas.job(), input);
    long start = System.nanoTime();
    try (JobRun run =
        JobRun.start(
            job, plan.resumed() ? new JobRun.Restore.Latest() : new JobRun.Restore.Nothing())) {
      boolean restored = run.restoredFrom().isPresent();
      listener.started(settings.name(), run.restoredFrom(), plan.documents());
      Counts before = restored ? new Counts(directory.progress().counts()) : Counts.NONE;
      Counts counts = before;
      boolean counting = false;
      boolean checkpointed = restored;
      boolean done = false;
      int tick = 0;
      while (!done && !listener.stopRequested()) {
        done = isDone(run);
        if (scope.counting() == input.counters()) {
          counts = scope.counts();
          before = !counting && restored ? counts : before;
          counting = true;
          listener.progress(counts, plan.documents());
          if (done || counts.isSettled() || tick++ % NOTE_TICKS == 0) {
            checkpointed = checkpointed || directory.checkpoint().isPresent();
            directory.note(new RunProgress(counts.values(), checkpointed));
          }
        }
      }
      if (done) {
        run.result().join();
        directory.finish();
      }
      // Of a job that came back to life when all was done, no operator has counted.
      End end =
          !done ? End.STOPPED : counts.isSettled() || !counting ? End.COMPLETE : End.INCOMPLETE;
      return new BackfillResult(
          settings.name(), counts, before, Duration.ofNanos(System.nanoTime() - start), end);
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "the job failed; the same command goes on from its last checkpoint", e.getCause());
    }
  }

  private FingerprintSet done(RunDirectory directory, BackfillListener listener)
      throws IOException, InterruptedException {
    if (options.again()) {
      return new FingerprintSet();
    }
    Duration longest = Duration.ZERO;
    // A checkpoint may hold a transaction that is yet to be committed, by the job that goes on from
    // it: to wait for that one would be to let the broker give it up, and its results with it.
    if (directory.checkpoint().isEmpty()) {
      longest = settings.delivery().transactionTimeout().plus(EXPIRY);
      LeftTransactions.giveUp(settings.kafka(), AnalysisJob.transactionsOfResults(settings));
    }
    FingerprintSet done =
        new DoneDocuments(settings.kafka(), settings.registry(), longest)
            .read(
                definition.topics().results(),
                ResultEnvelope.of(definition.name(), definition.resultSchema())
                    .schema()
                    .getFullName(),
                definition.name(),
                definition.version(),
                comparing(listener));
    listener.compared(done.size(), done.bytes());
    return done;
  }

  private static ReadListener comparing(BackfillListener listener) {
    return new ReadListener() {
      @Override
      public void read(long done, long total) {
        listener.comparing(done, total);
        listener.stopIfAsked();
      }

      @Override
      public void awaitsTransactions(Duration longest) {
        listener.awaitsTransactions(longest);
      }
    };
  }

  private BackfillInput input(RunScope scope, RunDirectory directory, RunPlan plan) {
    if (options.source() instanceof BackfillSource.Topic topic) {
      return new TopicInput(scope.token(), settings, topic.name(), plan.ranges());
    }
    BackfillSource.Files files = (BackfillSource.Files) options.source();
    return new ArchiveInput(
        scope.token(),
        new ArchiveSource(directory.list(), files.options(), schemas.documents()),
        largestDeadLetter);
  }

  /** There was nothing to do any more. */
  private BackfillResult ended(Counts counts) {
    return new BackfillResult(settings.name(), counts, counts, Duration.ZERO, End.COMPLETE);
  }

  /** Waits a moment for the end of the job. */
  private static boolean isDone(JobRun run) throws InterruptedException {
    try {
      run.result().get(TICK.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }
}
