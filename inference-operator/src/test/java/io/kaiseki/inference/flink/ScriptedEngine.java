package io.kaiseki.inference.flink;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;

/**
 * An engine that keeps the engine's contract (own thread, one outcome per request, cancellation,
 * holds) and answers what the test tells it to. Unless told otherwise it holds every call until the
 * test ends it. It outlives its holds, so that a test sees what a restarted job does.
 */
final class ScriptedEngine implements AutoCloseable {

  static final EngineDescription DESCRIPTION =
      new EngineDescription("scripted", "1", "script", "", 2, 4096);

  private static final Map<String, ScriptedEngine> BY_NAME = new ConcurrentHashMap<>();

  private final String name = UUID.randomUUID().toString();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "scripted-engine"));
  private final ObjIntConsumer<Call> script;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final AtomicInteger submitted = new AtomicInteger();
  private final AtomicInteger acquired = new AtomicInteger();
  private final AtomicInteger holds = new AtomicInteger();

  private ScriptedEngine(ObjIntConsumer<Call> script) {
    this.script = script;
    BY_NAME.put(name, this);
  }

  /** Never ends a call by itself. */
  static ScriptedEngine holding() {
    return new ScriptedEngine((call, index) -> {});
  }

  /** Runs the script for every call and its index from 0, on the engine's thread. */
  static ScriptedEngine running(ObjIntConsumer<Call> script) {
    return new ScriptedEngine(script);
  }

  EngineSource source() {
    String key = name;
    return () -> BY_NAME.get(key).acquire();
  }

  /** All calls so far, in the order of submission. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Calls without an end. */
  List<Call> open() {
    return calls.stream().filter(call -> !call.future().isDone()).toList();
  }

  int timesAcquired() {
    return acquired.get();
  }

  int holds() {
    return holds.get();
  }

  @Override
  public void close() {
    BY_NAME.remove(name);
    thread.shutdownNow();
  }

  private InferenceEngine acquire() {
    acquired.incrementAndGet();
    holds.incrementAndGet();
    return new Hold();
  }

  /** A request and the future that the operator waits on. */
  record Call(CompletionRequest request, CompletableFuture<Outcome> future) {

    void answer() {
      future.complete(Completions.answered(request.document()));
    }

    void fail(FailureReason reason) {
      future.complete(new Outcome.Failed(reason, "scripted"));
    }
  }

  private final class Hold implements InferenceEngine {

    private volatile boolean closed;

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      if (closed) {
        throw new IllegalStateException("engine is closed");
      }
      Call call = new Call(request, new CompletableFuture<>());
      int index = submitted.getAndIncrement();
      calls.add(call);
      thread.execute(() -> script.accept(call, index));
      return call.future();
    }

    @Override
    public EngineDescription description() {
      return DESCRIPTION;
    }

    @Override
    public EngineStatistics statistics() {
      int busy = Math.min(open().size(), DESCRIPTION.slots());
      return new EngineStatistics(
          busy, open().size() - busy, 10, 25, 1, 1, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void close() {
      closed = true;
      if (holds.decrementAndGet() == 0) {
        open().forEach(call -> call.fail(FailureReason.CANCELLED));
      }
    }
  }
}
