package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentMeter;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An engine that counts a token for each character, refuses what is too long as a real one does,
 * and answers the rest on a thread of its own as the test tells it, or holds it.
 */
final class PartEngine implements InferenceEngine {

  static final int SLOTS = 6;

  private final int room;
  private final boolean measures;
  private final Function<CompletionRequest, @Nullable Outcome> script;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "part-engine"));
  private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
  private final CopyOnWriteArrayList<Integer> openAtSubmission = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /** A request that was not too long. */
  record Call(CompletionRequest request, CompletableFuture<Outcome> future) {}

  /**
   * @param script the outcome of a request; null holds it
   */
  PartEngine(int room, Function<CompletionRequest, @Nullable Outcome> script) {
    this(room, true, script);
  }

  PartEngine(int room, boolean measures, Function<CompletionRequest, @Nullable Outcome> script) {
    this.room = room;
    this.measures = measures;
    this.script = script;
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  List<Call> open() {
    return calls.stream().filter(call -> !call.future().isDone()).toList();
  }

  /** The most requests that were open at the same time. */
  int mostOpen() {
    return openAtSubmission.stream().mapToInt(i -> i).max().orElse(0);
  }

  @Override
  public CompletableFuture<Outcome> submit(CompletionRequest request) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (request.document().length() > room) {
      return CompletableFuture.completedFuture(
          new Outcome.Failed(FailureReason.TOO_LONG, "more than " + room));
    }
    Call call = new Call(request, new CompletableFuture<>());
    calls.add(call);
    openAtSubmission.add(open().size());
    thread.execute(
        () -> {
          Outcome outcome = script.apply(request);
          if (outcome != null) {
            call.future().complete(outcome);
          }
        });
    return call.future();
  }

  @Override
  public Optional<DocumentMeter> meter(Analysis analysis) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    return measures ? Optional.of(new Characters()) : Optional.empty();
  }

  @Override
  public EngineDescription description() {
    return new EngineDescription("parts", "1", "none", "", SLOTS, 8 * room);
  }

  @Override
  public EngineStatistics statistics() {
    return EngineStatistics.NONE;
  }

  @Override
  public void close() {
    closed = true;
    thread.shutdownNow();
  }

  private final class Characters implements DocumentMeter {
    @Override
    public int room() {
      return room;
    }

    @Override
    public int sharedRoom() {
      return room / 2;
    }

    @Override
    public int tokens(String text) {
      return text.length();
    }
  }
}
