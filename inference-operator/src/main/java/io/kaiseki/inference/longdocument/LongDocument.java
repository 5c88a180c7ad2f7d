package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentMeter;
import io.kaiseki.inference.DocumentReading;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.longdocument.MergedAnswer.OpenText;
import io.kaiseki.inference.telemetry.DocumentFault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One document that is too long, from the engine's refusal to its only outcome. All its steps run
 * on one thread; only its future is shared with others.
 */
final class LongDocument {

  private static final Logger LOG = LoggerFactory.getLogger(LongDocument.class);

  /**
   * Least tokens of a part where the room allows them, even if fewer parts then run side by side:
   * some pages, since every part costs a whole answer, and short ones tear apart what belongs
   * together.
   */
  private static final int LEAST_PART = 2_048;

  /** With less room than this there is nothing worth reading. */
  private static final int LEAST_ROOM = 32;

  private final InferenceEngine engine;
  private final CompletionRequest request;
  private final long submittedNanos;
  private final Executor steps;
  private final CompletableFuture<Outcome> result;
  private volatile @Nullable PartRuns running;

  /**
   * @param submittedNanos when the document was submitted, on the scale of {@link
   *     System#nanoTime()}
   * @param steps runs one step at a time
   * @param result takes the outcome; cancelling it ends the document
   */
  LongDocument(
      InferenceEngine engine,
      CompletionRequest request,
      long submittedNanos,
      Executor steps,
      CompletableFuture<Outcome> result) {
    this.engine = engine;
    this.request = request;
    this.submittedNanos = submittedNanos;
    this.steps = steps;
    this.result = result;
  }

  /** Ends the document because nothing can run any more. */
  void closed() {
    fail(FailureReason.CANCELLED, "the engine was closed");
  }

  /**
   * Reads the document as the analysis' policy says.
   *
   * @param tooLong the engine's account, for where nothing can be done about it
   */
  void start(Outcome tooLong) {
    result.whenComplete((outcome, error) -> cancelRunning());
    guarded(
        () -> {
          Optional<DocumentMeter> meter = meter();
          if (meter.isEmpty() || meter.get().room() < LEAST_ROOM) {
            result.complete(tooLong);
          } else if (request.analysis().longDocuments() == LongDocuments.TRUNCATE) {
            readBeginning(meter.get());
          } else {
            readParts(meter.get());
          }
        });
  }

  private Optional<DocumentMeter> meter() {
    try {
      return engine.meter(request.analysis());
    } catch (IllegalStateException e) {
      throw new EngineClosedException(e);
    }
  }

  private void readBeginning(DocumentMeter meter) {
    var splitter = new DocumentSplitter(text -> tokens(meter, text), meter.room());
    String beginning = splitter.first(request.document());
    LOG.info(
        "event=document-truncated document={} characters={} of={}",
        request.id(),
        beginning.length(),
        request.document().length());
    run(
        "beginning",
        List.of(beginning),
        completions ->
            result.complete(
                new Outcome.Answered(
                    completions.get(0).withReading(new DocumentReading(1, true, Map.of())))));
  }

  private void readParts(DocumentMeter meter) {
    int partTokens = Math.min(meter.room(), Math.max(meter.sharedRoom(), LEAST_PART));
    var splitter = new DocumentSplitter(text -> tokens(meter, text), partTokens);
    List<String> all = splitter.split(request.document(), this::stopped);
    if (stopped()) {
      fail(
          FailureReason.DEADLINE,
          "the deadline passed while the document was cut into parts; raise limits.deadline");
      return;
    }
    List<String> written = all.stream().filter(part -> !part.isBlank()).toList();
    List<String> parts = written.isEmpty() ? all.subList(0, 1) : written;
    LOG.info(
        "event=document-split document={} parts={} partTokens={}",
        request.id(),
        parts.size(),
        partTokens);
    run("part", parts, completions -> merge(parts, completions, meter, partTokens));
  }

  private boolean stopped() {
    return result.isDone() || !Instant.now().isBefore(request.deadline());
  }

  private void merge(
      List<String> parts, List<Completion> completions, DocumentMeter meter, int partTokens) {
    List<AnalysedPart> analysed =
        IntStream.range(0, parts.size())
            .mapToObj(i -> AnalysedPart.of(parts.get(i), completions.get(i)))
            .toList();
    MergedAnswer merged = AnswerMerger.merge(request.analysis().contract(), analysed);
    MergedCompletion sum = new MergedCompletion(merged, parts.size());
    sum.add("Part", completions);
    summarise(sum, completions, meter, partTokens);
  }

  /** Makes one text of those that the answers give, or leaves that of the vote where it can't. */
  private void summarise(
      MergedCompletion sum, List<Completion> completions, DocumentMeter meter, int limit) {
    List<OpenText> fields = sum.merged().openTexts();
    List<Map<OpenText, String>> notes =
        PartialTexts.notes(fields, completions.stream().map(Completion::answer).toList());
    if (notes.size() == 1) {
      notes.get(0).forEach((field, text) -> field.put(sum.merged().answer(), text));
    }
    if (notes.size() < 2) {
      finish(sum);
      return;
    }
    Optional<List<String>> documents =
        PartialTexts.documents(notes, text -> tokens(meter, text), limit);
    if (documents.isEmpty()) {
      finish(sum);
      return;
    }
    run(
        "summary",
        documents.get(),
        summaries -> {
          sum.add("Summary", summaries);
          summarise(sum, summaries, meter, limit);
        });
  }

  private void finish(MergedCompletion sum) {
    result.complete(new Outcome.Answered(sum.completion(System.nanoTime() - submittedNanos)));
  }

  private void run(String name, List<String> texts, Consumer<List<Completion>> next) {
    PartRuns runs =
        new PartRuns(
            engine,
            request,
            submittedNanos,
            steps,
            name,
            texts,
            new PartRuns.End() {
              @Override
              public void answered(List<Completion> completions) {
                guarded(() -> next.accept(completions));
              }

              @Override
              public void failed(Outcome.Failed failed) {
                result.complete(failed);
              }
            });
    running = runs;
    if (result.isDone()) {
      runs.cancel();
    } else {
      runs.submit();
    }
  }

  private void cancelRunning() {
    PartRuns runs = running;
    if (runs != null) {
      runs.cancel();
    }
  }

  /** Whatever goes wrong here concerns this document, and is told. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (EngineClosedException e) {
      closed();
    } catch (RuntimeException e) {
      DocumentFault.log(LOG, "long-document-fault", request.id(), e);
      // The exception's own message may quote the document.
      fail(
          FailureReason.ENGINE_FAULT,
          "the long document could not be cut or merged: "
              + e.getClass().getName()
              + ", and the log has more");
    } catch (Error e) {
      result.completeExceptionally(e);
      throw e;
    }
  }

  private void fail(FailureReason reason, String message) {
    result.complete(new Outcome.Failed(reason, message));
  }

  private static int tokens(DocumentMeter meter, String text) {
    try {
      return meter.tokens(text);
    } catch (IllegalStateException e) {
      throw new EngineClosedException(e);
    }
  }

  /** The engine ended under the document, which is not at fault. */
  private static final class EngineClosedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EngineClosedException(IllegalStateException cause) {
      super(cause);
    }
  }
}
