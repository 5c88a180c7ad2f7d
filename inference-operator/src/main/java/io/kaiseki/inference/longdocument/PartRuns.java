package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Texts of one document on their way through the engine, a few at a time. Belongs to the thread of
 * the document's steps, but for {@link #cancel}, which any thread may call. Where those steps have
 * come to an end, the thread on which a run ends tells that nothing goes on.
 */
final class PartRuns {

  /** Where the runs end: all together, or with the first that fails. */
  interface End {
    void answered(List<Completion> completions);

    void failed(Outcome.Failed failed);
  }

  private final InferenceEngine engine;
  private final CompletionRequest document;
  private final Executor steps;
  private final String name;
  private final List<String> texts;
  private final int mostAtOnce;
  private final End end;
  private final @Nullable Completion[] completions;
  private final Set<CompletableFuture<Outcome>> open = ConcurrentHashMap.newKeySet();
  private final long startNanos;
  private int submitted;
  private int answered;
  private volatile boolean over;

  /**
   * @param document of which the runs have all but the id and the text
   * @param startNanos when the document was submitted; times count from then
   * @param name what the texts are to the document, such as {@code part}
   */
  PartRuns(
      InferenceEngine engine,
      CompletionRequest document,
      long startNanos,
      Executor steps,
      String name,
      List<String> texts,
      End end) {
    this.engine = engine;
    this.document = document;
    this.startNanos = startNanos;
    this.steps = steps;
    this.name = name;
    this.texts = texts;
    this.end = end;
    mostAtOnce = (engine.description().slots() + 1) / 2;
    completions = new Completion[texts.size()];
  }

  /** Submits as many as may run at once; the others follow. */
  void submit() {
    while (!over && submitted < texts.size() && submitted - answered < mostAtOnce) {
      int at = submitted++;
      long offset = System.nanoTime() - startNanos;
      CompletableFuture<Outcome> run;
      try {
        run = engine.submit(request(at));
      } catch (IllegalStateException e) {
        fail(at, new Outcome.Failed(FailureReason.CANCELLED, "the engine takes no requests"));
        return;
      } catch (RuntimeException e) {
        fail(at, fault(e));
        return;
      }
      open.add(run);
      if (over) {
        run.cancel(false);
      }
      run.whenComplete((outcome, error) -> afterwards(() -> ended(at, offset, run, error)));
    }
  }

  /** Ends what runs; nobody is told any more. */
  void cancel() {
    over = true;
    open.forEach(run -> run.cancel(false));
  }

  private CompletionRequest request(int at) {
    return document.withDocument(document.id() + "#" + name + "-" + (at + 1), texts.get(at));
  }

  private void afterwards(Runnable step) {
    try {
      steps.execute(step);
    } catch (RejectedExecutionException closed) {
      // Nothing goes on any more, so whoever waits for the document learns of it here.
      if (!over) {
        cancel();
        end.failed(new Outcome.Failed(FailureReason.CANCELLED, "the engine was closed"));
      }
    }
  }

  private void ended(
      int at, long offset, CompletableFuture<Outcome> run, @Nullable Throwable error) {
    open.remove(run);
    if (over) {
      return;
    }
    if (error != null) {
      fail(at, fault(error));
    } else if (run.join() instanceof Outcome.Answered answer) {
      completions[at] = since(answer.completion(), offset);
      answered++;
      if (answered == texts.size()) {
        over = true;
        end.answered(Arrays.stream(completions).map(Objects::requireNonNull).toList());
      } else {
        submit();
      }
    } else if (run.join() instanceof Outcome.Failed failed) {
      fail(at, failed);
    }
  }

  private static Outcome.Failed fault(Throwable error) {
    return error instanceof CancellationException
        ? new Outcome.Failed(FailureReason.CANCELLED, "the engine cancelled it")
        : new Outcome.Failed(
            FailureReason.ENGINE_FAULT, "the engine threw " + error.getClass().getName());
  }

  private void fail(int at, Outcome.Failed failed) {
    cancel();
    end.failed(
        new Outcome.Failed(
            failed.reason(),
            "%s %d of %d of the long document: %s"
                .formatted(name, at + 1, texts.size(), failed.message())));
  }

  /** Times from the document's submission. */
  private static Completion since(Completion completion, long offset) {
    return completion.withTimings(completion.timings().submittedEarlier(Duration.ofNanos(offset)));
  }
}
