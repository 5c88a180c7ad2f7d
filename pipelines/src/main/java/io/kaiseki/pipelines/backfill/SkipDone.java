package io.kaiseki.pipelines.backfill;

import io.kaiseki.pipelines.backfill.done.DocumentFingerprint;
import io.kaiseki.pipelines.job.PreparedDocument;
import java.util.Objects;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out documents that had a result when the run began. The set does not grow with the run: a
 * document that the job reads again after a recovery is one whose result was never committed, and
 * must not be taken for done. Documents that are in the model at a checkpoint are behind this
 * operator, and do not pass it again.
 */
final class SkipDone extends RichFilterFunction<PreparedDocument> implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;

  private final String token;
  private transient @Nullable RunScope scope;
  private transient @Nullable CheckpointedCounts counts;

  SkipDone(String token) {
    this.token = token;
  }

  @Override
  public boolean filter(PreparedDocument document) {
    boolean done =
        Objects.requireNonNull(scope)
            .done()
            .contains(DocumentFingerprint.of(document.id(), document.textSha256()));
    if (done) {
      Objects.requireNonNull(counts).add(Count.SKIPPED, 1);
    }
    return !done;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    scope = RunScope.of(token);
    counts = CheckpointedCounts.restore(context, getRuntimeContext(), token, "skip");
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    Objects.requireNonNull(counts).snapshot();
  }
}
