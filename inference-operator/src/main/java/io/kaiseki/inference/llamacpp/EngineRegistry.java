package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentMeter;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.util.HashMap;
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
 * The engines of this JVM, counted by who holds them. An engine outlives its last hold for a while
 * ({@code kaiseki.engine.keepAliveSeconds}, default 60): a job that restarts finds its model
 * loaded.
 */
final class EngineRegistry {

  private static final Map<LlamaCppSettings, Entry> ENTRIES = new HashMap<>();

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
    Runtime.getRuntime()
        .addShutdownHook(new Thread(EngineRegistry::closeAll, "kaiseki-engine-shutdown"));
  }

  private EngineRegistry() {}

  static InferenceEngine acquire(LlamaCppSettings settings) {
    Entry entry;
    synchronized (ENTRIES) {
      entry = ENTRIES.computeIfAbsent(settings, key -> new Entry());
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

  private static void release(LlamaCppSettings settings, Entry entry) {
    synchronized (ENTRIES) {
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
  private static void reap(LlamaCppSettings settings, Entry entry) {
    synchronized (entry) {
      synchronized (ENTRIES) {
        if (entry.holds > 0) {
          return;
        }
      }
      entry.close();
      synchronized (ENTRIES) {
        if (entry.holds == 0) {
          ENTRIES.remove(settings, entry);
        }
      }
    }
  }

  private static void closeAll() {
    Map<LlamaCppSettings, Entry> all;
    synchronized (ENTRIES) {
      all = new HashMap<>(ENTRIES);
      ENTRIES.clear();
    }
    all.values().forEach(Entry::close);
  }

  private static Duration keepAlive() {
    return Duration.ofSeconds(Long.getLong("kaiseki.engine.keepAliveSeconds", 60));
  }

  /** An engine and how many hold it. */
  static final class Entry {
    private int holds;
    private @Nullable LlamaCppEngine engine;
    private @Nullable ScheduledFuture<?> reaping;

    /** Starts the engine on the first call, or if it has ended; the others wait for it. */
    synchronized LlamaCppEngine engine(LlamaCppSettings settings) {
      if (engine != null && engine.ended()) {
        close();
      }
      LlamaCppEngine started = engine;
      if (started == null) {
        started = LlamaCppEngine.start(settings);
        engine = started;
      } else {
        started.reviewCrashes();
      }
      return started;
    }

    void cancelReaping() {
      if (reaping != null) {
        reaping.cancel(false);
        reaping = null;
      }
    }

    synchronized void close() {
      if (engine != null) {
        engine.close();
        engine = null;
      }
    }
  }

  /** One caller's hold on a shared engine. */
  private static final class Hold implements InferenceEngine {
    private final LlamaCppSettings settings;
    private final Entry entry;
    private final LlamaCppEngine engine;
    private final AtomicBoolean closed = new AtomicBoolean();

    Hold(LlamaCppSettings settings, Entry entry, LlamaCppEngine engine) {
      this.settings = settings;
      this.entry = entry;
      this.engine = engine;
    }

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      if (closed.get()) {
        throw new IllegalStateException("this hold on the engine is closed");
      }
      return engine.submit(request);
    }

    @Override
    public Optional<DocumentMeter> meter(Analysis analysis) {
      if (closed.get()) {
        throw new IllegalStateException("this hold on the engine is closed");
      }
      return Optional.of(engine.meter(analysis));
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
      if (closed.compareAndSet(false, true)) {
        release(settings, entry);
      }
    }
  }
}
