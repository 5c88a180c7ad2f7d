package io.kaiseki.inference.sql;

import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.AsyncInference;
import io.kaiseki.inference.flink.InferenceCalls;
import io.kaiseki.inference.flink.Inferred;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.FunctionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both functions do: rows in, answers out, failures by the model's strategy. */
final class SqlCalls implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(SqlCalls.class);

  private final SqlModel model;
  private final AsyncInference<SqlDocument> inference;
  private transient @Nullable InferenceCalls<SqlDocument> calls;
  private transient @Nullable AnswerRows rows;

  /**
   * @param capacity most documents that one subtask has in flight
   */
  SqlCalls(SqlModel model, int capacity) {
    this.model = model;
    this.inference = model.inference(capacity);
  }

  void open(FunctionContext context) {
    rows = new AnswerRows(model.output());
    calls = inference.open(context.getMetricGroup(), context.getTaskInfo());
  }

  void close() {
    if (calls != null) {
      calls.close();
      calls = null;
    }
  }

  /** The outcome for a row's features; cancel it to give the document up. */
  CompletableFuture<Inferred<SqlDocument, Outcome>> analyse(RowData features) {
    if (calls == null) {
      throw new IllegalStateException("a row arrived before open() or after close()");
    }
    return calls.analyse(SqlDocument.of(features, model.textPosition(), model.idPosition()));
  }

  /**
   * What comes out for an outcome.
   *
   * @throws DocumentWithoutAnswerException where the job shall fail
   */
  Collection<RowData> rows(Inferred<SqlDocument, Outcome> inferred) {
    if (inferred.outcome() instanceof Outcome.Answered answered) {
      return List.of(rows.answered(answered.completion()));
    }
    Outcome.Failed failed = explained(inferred);
    String name = model.analysis().name();
    String id = inferred.input().id();
    if (!model.failures().ignored()) {
      throw new DocumentWithoutAnswerException(name, id, failed);
    }
    LOG.warn(
        "document ignored model={} id={} attempts={} reason={} message={}",
        name,
        id,
        inferred.attempts(),
        failed.reason(),
        failed.message());
    return model.output().error() == OutputColumns.NONE ? List.of() : List.of(rows.failed(failed));
  }

  /** Flink quotes the features of a row that fails, in its message; the text shall not be there. */
  void hideText(RowData features) {
    if (features instanceof GenericRowData row && !row.isNullAt(model.textPosition())) {
      row.setField(model.textPosition(), StringData.fromString("<text>"));
    }
  }

  private static Outcome.Failed explained(Inferred<SqlDocument, Outcome> inferred) {
    Outcome.Failed failed = (Outcome.Failed) inferred.outcome();
    return inferred.input().text() == null
        ? new Outcome.Failed(failed.reason(), "the text is NULL")
        : failed;
  }
}
