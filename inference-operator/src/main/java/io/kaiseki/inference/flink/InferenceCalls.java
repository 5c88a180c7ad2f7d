package io.kaiseki.inference.flink;

import io.kaiseki.inference.Outcome;
import java.util.Collection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.streaming.api.functions.async.CollectionSupplier;
import org.apache.flink.streaming.api.functions.async.ResultFuture;

/**
 * An analysis inside a function that is no async operator: one call for each document, with the
 * operator's engine, retries, deadlines and metrics. Opened by {@link AsyncInference#open} and
 * closed with the function; calls may come from any thread.
 *
 * @param <T> type of the document
 */
public final class InferenceCalls<T> implements AutoCloseable {

  private final InferenceSession<T> session;

  InferenceCalls(InferenceSession<T> session) {
    this.session = session;
  }

  /**
   * Analyses a document.
   *
   * @return a future that completes with the document's only outcome, at the latest ten seconds
   *     after its deadline, usually on the engine's thread, so dependents must be short. It fails
   *     where the engine has closed under a running task or can run nothing any more, and never
   *     completes once these calls are closed. Cancelling it gives the document up and frees its
   *     slot.
   */
  public CompletableFuture<Inferred<T, Outcome>> analyse(T document) {
    var call = new Call<T>();
    session.start(document, call);
    if (!call.outcome.isDone()) {
      session
          .expireInTime(call)
          .ifPresent(timer -> call.outcome.whenComplete((done, error) -> timer.cancel(false)));
    }
    call.outcome.whenComplete(
        (done, error) -> {
          if (error instanceof CancellationException) {
            session.abandon(call);
          }
        });
    return call.outcome;
  }

  /** Gives up the documents that have no outcome yet, and lets the engine go. */
  @Override
  public void close() {
    session.close();
  }

  private static final class Call<T> implements ResultFuture<Inferred<T, Outcome>> {

    private final CompletableFuture<Inferred<T, Outcome>> outcome = new CompletableFuture<>();

    @Override
    public void complete(Collection<Inferred<T, Outcome>> result) {
      outcome.complete(result.iterator().next());
    }

    @Override
    public void complete(CollectionSupplier<Inferred<T, Outcome>> supplier) {
      try {
        complete(supplier.get());
      } catch (Exception e) {
        outcome.completeExceptionally(e);
      }
    }

    @Override
    public void completeExceptionally(Throwable error) {
      outcome.completeExceptionally(error);
    }
  }
}
