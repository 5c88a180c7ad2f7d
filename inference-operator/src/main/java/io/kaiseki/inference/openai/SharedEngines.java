package io.kaiseki.inference.openai;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The engines of this JVM, counted by who holds them: all of them together keep to the number of
 * slots, and know which servers are ill. An engine ends with its last hold.
 */
final class SharedEngines {

  private static final Map<OpenAiSettings, Entry> ENTRIES = new HashMap<>();

  private SharedEngines() {}

  /**
   * Takes a hold, and starts the engine where there is none. A start asks servers for a few seconds
   * at most; those who want the same engine meanwhile wait for it, and nobody else does.
   *
   * @throws EngineUnavailableException if the engine can't be started; the next to acquire it tries
   *     again
   */
  static InferenceEngine acquire(OpenAiSettings settings) {
    Entry entry;
    boolean starts;
    synchronized (ENTRIES) {
      Entry known = ENTRIES.get(settings);
      starts = known == null;
      entry = known == null ? new Entry() : known;
      if (starts) {
        ENTRIES.put(settings, entry);
      }
      // Before the start, so that the engine does not end with a hold that is let go at once.
      entry.holds++;
    }
    return new Hold(settings, entry, starts ? started(settings, entry) : awaited(entry));
  }

  private static OpenAiEngine started(OpenAiSettings settings, Entry entry) {
    try {
      OpenAiEngine engine = OpenAiEngine.start(settings);
      entry.start.complete(engine);
      return engine;
    } catch (RuntimeException | Error e) {
      // Nobody has a hold on what did not start, so the entry goes as it is.
      synchronized (ENTRIES) {
        ENTRIES.remove(settings, entry);
      }
      entry.start.completeExceptionally(e);
      throw e;
    }
  }

  private static OpenAiEngine awaited(Entry entry) {
    try {
      return entry.start.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof EngineUnavailableException unavailable
          ? new EngineUnavailableException(String.valueOf(unavailable.getMessage()), unavailable)
          : new IllegalStateException("the engine's start failed on another thread", cause);
    }
  }

  /** An engine that starts or runs; its holds are counted under the lock of all entries. */
  private static final class Entry {
    private final CompletableFuture<OpenAiEngine> start = new CompletableFuture<>();
    private int holds;
  }

  /** One caller's hold. */
  private static final class Hold implements InferenceEngine {
    private final OpenAiSettings settings;
    private final Entry entry;
    private final OpenAiEngine engine;
    private final AtomicBoolean released = new AtomicBoolean();

    Hold(OpenAiSettings settings, Entry entry, OpenAiEngine engine) {
      this.settings = settings;
      this.entry = entry;
      this.engine = engine;
    }

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      if (released.get()) {
        throw new IllegalStateException("this hold on the engine is closed");
      }
      return engine.submit(request);
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
      if (!released.compareAndSet(false, true)) {
        return;
      }
      synchronized (ENTRIES) {
        if (--entry.holds > 0) {
          return;
        }
        ENTRIES.remove(settings, entry);
      }
      engine.close();
    }
  }
}
