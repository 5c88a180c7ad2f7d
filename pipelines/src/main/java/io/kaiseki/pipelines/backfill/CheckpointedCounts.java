package io.kaiseki.pipelines.backfill;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.FunctionInitializationContext;

/**
 * Counts that are part of a subtask's state, so that they go on where a checkpoint left them and
 * agree with what is committed. Changed on the task's thread; read on any.
 */
final class CheckpointedCounts {

  private static final ListStateDescriptor<long[]> STATE =
      new ListStateDescriptor<>("counts", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);

  private final ListState<long[]> state;
  private final AtomicLongArray values = new AtomicLongArray(Count.values().length);

  private CheckpointedCounts(ListState<long[]> state) {
    this.state = state;
  }

  /** Restores the counts of a subtask and shows them in the scope of its run. */
  static CheckpointedCounts restore(
      FunctionInitializationContext context, RuntimeContext runtime, String token, String operator)
      throws Exception {
    ListState<long[]> state = context.getOperatorStateStore().getListState(STATE);
    CheckpointedCounts counts = new CheckpointedCounts(state);
    for (long[] saved : state.get()) {
      for (int i = 0; i < Math.min(saved.length, counts.values.length()); i++) {
        counts.values.addAndGet(i, saved[i]);
      }
    }
    RunScope.of(token)
        .publish(operator + "-" + runtime.getTaskInfo().getIndexOfThisSubtask(), counts.values);
    return counts;
  }

  void add(Count count, long number) {
    values.addAndGet(count.ordinal(), number);
  }

  void snapshot() throws Exception {
    long[] now = new long[values.length()];
    for (int i = 0; i < now.length; i++) {
      now[i] = values.get(i);
    }
    state.update(List.of(now));
  }
}
