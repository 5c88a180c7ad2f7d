package io.kaiseki.inference.sql;

import io.kaiseki.inference.flink.AsyncInference;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.MLPredictRuntimeConfigOptions;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.functions.PredictFunction;
import org.apache.flink.table.ml.AsyncPredictRuntimeProvider;
import org.apache.flink.table.ml.ModelProvider;
import org.apache.flink.table.ml.PredictRuntimeProvider;

/**
 * Gives out the functions of one model.
 *
 * @param model the model, read and checked
 * @param session the configuration of the session that plans the statement
 */
record KaisekiModelProvider(SqlModel model, ReadableConfig session)
    implements AsyncPredictRuntimeProvider, PredictRuntimeProvider {

  /**
   * @throws ValidationException if {@code ML_PREDICT} would give a document up, and fail the job,
   *     before its deadline has passed
   */
  @Override
  public AsyncPredictFunction createAsyncPredictFunction(ModelProvider.Context context) {
    ReadableConfig call = context.runtimeConfig();
    Duration timeout =
        setting(
            call,
            MLPredictRuntimeConfigOptions.ASYNC_TIMEOUT,
            ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_TIMEOUT);
    Duration longest = model.deadline().plus(AsyncInference.DEADLINE_GRACE);
    if (longest.compareTo(timeout) >= 0) {
      throw new ValidationException(
          ("model %s: '%s' is %s, with %s of grace %s, but ML_PREDICT fails the job after %s; raise"
                  + " 'timeout' in its CONFIG or '%s', or lower '%s'")
              .formatted(
                  model.analysis().name(),
                  SqlModelOptions.DEADLINE.key(),
                  model.deadline(),
                  AsyncInference.DEADLINE_GRACE,
                  longest,
                  timeout,
                  ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_TIMEOUT.key(),
                  SqlModelOptions.DEADLINE.key()));
    }
    int concurrent =
        setting(
            call,
            MLPredictRuntimeConfigOptions.ASYNC_MAX_CONCURRENT_OPERATIONS,
            ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_MAX_CONCURRENT_OPERATIONS);
    return new AsyncAnswers(new SqlCalls(model, concurrent));
  }

  @Override
  public PredictFunction createPredictFunction(ModelProvider.Context context) {
    return new SyncAnswers(new SqlCalls(model, 1));
  }

  /** Nothing of it changes. */
  @Override
  public ModelProvider copy() {
    return this;
  }

  private <T> T setting(ReadableConfig call, ConfigOption<T> ofCall, ConfigOption<T> ofSession) {
    Optional<T> own = call.getOptional(ofCall);
    return own.orElseGet(() -> session.get(ofSession));
  }
}
