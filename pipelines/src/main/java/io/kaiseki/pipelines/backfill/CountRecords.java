package io.kaiseki.pipelines.backfill;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.jspecify.annotations.Nullable;

/** Hands every record on and counts it. */
final class CountRecords<T> extends RichMapFunction<T, T> implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;

  private final String token;
  private final String operator;
  private final Counting<T> counting;
  private transient @Nullable CheckpointedCounts counts;

  /**
   * Counts records.
   *
   * @param token of the run's scope
   * @param operator a name that no other operator of the job counts under
   */
  CountRecords(String token, String operator, Counting<T> counting) {
    this.token = token;
    this.operator = operator;
    this.counting = counting;
  }

  /** What a record counts as. */
  @FunctionalInterface
  interface Counting<T> extends Serializable {
    void count(T record, CheckpointedCounts counts);
  }

  @Override
  public T map(T record) {
    counting.count(record, Objects.requireNonNull(counts));
    return record;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    counts = CheckpointedCounts.restore(context, getRuntimeContext(), token, operator);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    Objects.requireNonNull(counts).snapshot();
  }
}
