package io.kaiseki.inference.sql;

import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.Inferred;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.PredictFunction;

/**
 * {@code ML_PREDICT} with {@code 'async' = 'false'}: one document after the other. Flink finds it
 * through the provider; nobody else calls it.
 */
public final class SyncAnswers extends PredictFunction {

  private static final long serialVersionUID = 1L;

  private final SqlCalls calls;

  SyncAnswers(SqlCalls calls) {
    this.calls = calls;
  }

  @Override
  public void open(FunctionContext context) {
    calls.open(context);
  }

  @Override
  public Collection<RowData> predict(RowData features) {
    CompletableFuture<Inferred<SqlDocument, Outcome>> outcome = calls.analyse(features);
    try {
      return calls.rows(outcome.get());
    } catch (InterruptedException e) {
      outcome.cancel(false);
      Thread.currentThread().interrupt();
      calls.hideText(features);
      throw new IllegalStateException("interrupted while a document was analysed", e);
    } catch (ExecutionException e) {
      calls.hideText(features);
      throw new IllegalStateException(e.getCause());
    } catch (DocumentWithoutAnswerException e) {
      calls.hideText(features);
      throw e;
    }
  }

  @Override
  public void close() {
    calls.close();
  }
}
