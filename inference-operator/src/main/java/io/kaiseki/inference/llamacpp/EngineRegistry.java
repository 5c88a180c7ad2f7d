package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentMeter;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Engines by their settings, counted by who holds them. An engine outlives its last hold for a
 * while ({@code kaiseki.engine.keepAliveSeconds}, default 60): a job that restarts finds its model
 * loaded.
 */
final class EngineRegistry {

  private static final EngineRegistry PROCESS = new EngineRegistry();

  private static final ScheduledExecutorService REAPER =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "kaiseki-engine-reaper");
            thread.setDaemon(true);
            thread.setContextClassLoader(EngineRegistry.class.getClassLoader());
            return thread;
          });

  static {
    // A thread inside native code while the process exits would crash it.
    ProcessEnd.onEnd(PROCESS::endStarts, PROCESS::closeAll);
  }

  private final Map<LlamaCppSettings, Entry> entries = new HashMap<>();
  private boolean closed;

  /** The engines of this JVM, which end with it. */
  static EngineRegistry ofProcess() {
    return PROCESS;
  }

  /**
   * Takes a hold on the engine for these settings, starting it if need be. A start goes on if the
   * caller is interrupted: it is given up like any engine that nobody holds.
   *
   * @throws EngineUnavailableException if the model or the library can't be used
   * @throws IllegalStateException if the process ends, or the caller is interrupted
   */
  InferenceEngine acquire(LlamaCppSettings settings) {
    Entry entry;
    synchronized (entries) {
      if (closed) {
        throw processEnds();
      }
      entry = entries.computeIfAbsent(settings, key -> new Entry());
      entry.holds++;
      entry.cancelReaping();
    }
    try {
      return new Hold(settings, entry, entry.engine(settings));
    } catch (RuntimeException | Error e) {
      release(settings, entry);
      throw e;
    }
  }

  private void release(LlamaCppSettings settings, Entry entry) {
    synchronized (entries) {
      entry.holds--;
      if (entry.holds == 0) {
        entry.reaping =
            REAPER.schedule(
                () -> reap(settings, entry), keepAlive().toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /**
   * Ends an engine that nobody holds. Who asks for it meanwhile waits at the entry until its memory
   * is free, so that the model is never there twice.
   */
  private void reap(LlamaCppSettings settings, Entry entry) {
    synchronized (entry) {
      synchronized (entries) {
        if (entry.holds > 0) {
          return;
        }
      }
      entry.close();
      synchronized (entries) {
        if (entry.holds == 0) {
          entries.remove(settings, entry);
        }
      }
    }
  }

  /** Ends the engines that are starting; none is started any more. The others go on. */
  void endStarts() {
    List<Entry> all;
    synchronized (entries) {
      closed = true;
      all = List.copyOf(entries.values());
    }
    all.stream().filter(Entry::isStarting).forEach(Entry::end);
  }

  /** Ends all engines. */
  void closeAll() {
    endStarts();
    List<Entry> all;
    synchronized (entries) {
      all = List.copyOf(entries.values());
      entries.clear();
    }
    // All at once, and only then one after the other.
    all.forEach(Entry::end);
    all.forEach(Entry::close);
  }

  private static IllegalStateException processEnds() {
    return new IllegalStateException("the process ends");
  }

  private static Duration keepAlive() {
    return Duration.ofSeconds(Long.getLong("kaiseki.engine.keepAliveSeconds", 60));
  }

  /** An engine and how many hold it. */
  static final class Entry {
    private int holds;
    private @Nullable ScheduledFuture<?> reaping;
    private volatile @Nullable LlamaCppEngine engine;
    private volatile boolean ended;

    /** Starts the engine on the first call, or if it has ended; the others wait for it. */
    LlamaCppEngine engine(LlamaCppSettings settings) {
      LlamaCppEngine begun = begun(settings);
      begun.awaitStart();
      begun.reviewCrashes();
      return begun;
    }

    /** Nobody waits in here for a start, so that it can be interrupted and ended. */
    private synchronized LlamaCppEngine begun(LlamaCppSettings settings) {
      LlamaCppEngine begun = engine;
      if (begun != null && begun.ended()) {
        close();
        begun = null;
      }
      if (ended) {
        throw processEnds();
      }
      if (begun == null) {
        begun = LlamaCppEngine.begin(settings);
        engine = begun;
      }
      return begun;
    }

    void cancelReaping() {
      if (reaping != null) {
        reaping.cancel(false);
        reaping = null;
      }
    }

    boolean isStarting() {
      LlamaCppEngine begun = engine;
      return begun == null || begun.isStarting();
    }

    /** Begins to end the engine for good; waits for nobody. */
    void end() {
      ended = true;
      LlamaCppEngine running = engine;
      if (running != null) {
        running.end();
      }
    }

    synchronized void close() {
      LlamaCppEngine running = engine;
      if (running != null) {
        running.close();
        engine = null;
      }
    }
  }

  /** One caller's hold on a shared engine. */
  private final class Hold implements InferenceEngine {
    private final LlamaCppSettings settings;
    private final Entry entry;
    private final LlamaCppEngine engine;
    private final AtomicBoolean released = new AtomicBoolean();

    Hold(LlamaCppSettings settings, Entry entry, LlamaCppEngine engine) {
      this.settings = settings;
      this.entry = entry;
      this.engine = engine;
    }

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      requireHeld();
      return engine.submit(request);
    }

    @Override
    public Optional<DocumentMeter> meter(Analysis analysis) {
      requireHeld();
      return Optional.of(engine.meter(analysis));
    }

    @Override
    public Optional<String> unsupported(Analysis analysis) {
      requireHeld();
      return engine.unsupported(analysis);
    }

    @Override
    public boolean ended() {
      return engine.ended();
    }

    @Override
    public EngineDescription description() {
      return engine.description();
    }

    @Override
    public EngineStatistics statistics() {
      return engine.statistics();
    }

    @Override
    public void close() {
      if (released.compareAndSet(false, true)) {
        release(settings, entry);
      }
    }

    private void requireHeld() {
      if (released.get()) {
        throw new IllegalStateException("this hold on the engine is closed");
      }
    }
  }
}
