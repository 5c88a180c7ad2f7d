package io.kaiseki.inference.sql;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.functions.FunctionContext;

/**
 * {@code ML_PREDICT} with {@code 'async' = 'true'}: as many documents at the same time as {@code
 * max-concurrent-operations} allows. Flink finds it through the provider; nobody else calls it.
 */
public final class AsyncAnswers extends AsyncPredictFunction {

  private static final long serialVersionUID = 1L;

  private final SqlCalls calls;

  AsyncAnswers(SqlCalls calls) {
    this.calls = calls;
  }

  @Override
  public void open(FunctionContext context) {
    calls.open(context);
  }

  @Override
  public CompletableFuture<Collection<RowData>> asyncPredict(RowData features) {
    var answered = calls.analyse(features).thenApply(calls::rows);
    return answered.whenComplete(
        (rows, error) -> {
          if (error != null) {
            calls.hideText(features);
          }
        });
  }

  @Override
  public void close() {
    calls.close();
  }
}
