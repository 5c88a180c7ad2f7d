package io.kaiseki.inference.flink;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.policy.PolicyEngine;
import java.time.Clock;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's life in Flink: takes an engine, hands it documents, lets it go. All calls come on
 * the task's thread; what happens to a document in between is in {@link InferenceSession}.
 */
final class InferenceFunction<T> extends RichAsyncFunction<T, Inferred<T, Outcome>>
    implements ResultTypeQueryable<Inferred<T, Outcome>> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(InferenceFunction.class);

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
    InferenceEngine engine = acquire();
    String subtask = getRuntimeContext().getTaskInfo().getTaskNameWithSubtasks();
    session =
        new InferenceSession<>(
            options,
            engine,
            new InferenceMetrics(
                getRuntimeContext().getMetricGroup(), options.analysis().name(), engine),
            clock,
            subtask);
    int slots = engine.description().slots();
    LOG.info(
        "engine acquired subtask={} analysis={} model={} slots={} capacity={}",
        subtask,
        options.analysis().name(),
        engine.description().model(),
        slots,
        options.capacity());
    if (options.capacity() < slots) {
      LOG.warn(
          "slots stay idle subtask={} slots={} capacity={}: raise the capacity to about three times"
              + " the slots",
          subtask,
          slots,
          options.capacity());
    }
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

  private InferenceEngine acquire() {
    try {
      return PolicyEngine.around(options.engine().acquire());
    } catch (EngineUnavailableException e) {
      throw new InferenceUnavailableException(getRuntimeContext().getTaskInfo().getTaskName(), e);
    }
  }

  private InferenceSession<T> opened() {
    if (session == null) {
      throw new IllegalStateException("a document arrived before open() or after close()");
    }
    return session;
  }
}
