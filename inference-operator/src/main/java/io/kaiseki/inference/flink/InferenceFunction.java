package io.kaiseki.inference.flink;

import io.kaiseki.inference.Outcome;
import java.time.Clock;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.jspecify.annotations.Nullable;

/**
 * The operator's life in Flink: takes an engine, hands it documents, lets it go. All calls come on
 * the task's thread; what happens to a document in between is in {@link InferenceSession}.
 */
final class InferenceFunction<T> extends RichAsyncFunction<T, Inferred<T, Outcome>>
    implements ResultTypeQueryable<Inferred<T, Outcome>> {

  private static final long serialVersionUID = 1L;

  private final InferenceOptions<T> options;
  private final TypeInformation<Inferred<T, Outcome>> producedType;
  private final Clock clock;
  private transient @Nullable InferenceSession<T> session;

  InferenceFunction(InferenceOptions<T> options, TypeInformation<T> inputType) {
    this(options, inputType, Clock.systemUTC());
  }

  InferenceFunction(InferenceOptions<T> options, TypeInformation<T> inputType, Clock clock) {
    this.options = options;
    this.producedType = InferredTypeInfo.of(inputType, options.analysis());
    this.clock = clock;
  }

  @Override
  public void open(OpenContext context) {
    TaskInfo task = getRuntimeContext().getTaskInfo();
    session =
        InferenceSession.open(
            options,
            getRuntimeContext().getMetricGroup(),
            clock,
            task.getTaskName(),
            task.getTaskNameWithSubtasks());
  }

  @Override
  public void asyncInvoke(T input, ResultFuture<Inferred<T, Outcome>> result) {
    opened().start(input, result);
  }

  @Override
  public void timeout(T input, ResultFuture<Inferred<T, Outcome>> result) {
    opened().expire(result);
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  @Override
  public TypeInformation<Inferred<T, Outcome>> getProducedType() {
    return producedType;
  }

  private InferenceSession<T> opened() {
    if (session == null) {
      throw new IllegalStateException("a document arrived before open() or after close()");
    }
    return session;
  }
}
