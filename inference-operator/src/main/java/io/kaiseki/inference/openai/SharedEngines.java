package io.kaiseki.inference.openai;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The engines of this JVM, counted by who holds them: all of them together keep to the number of
 * slots, and know which servers are ill. An engine ends with its last hold.
 */
final class SharedEngines {

  private static final Map<OpenAiSettings, Entry> ENTRIES = new HashMap<>();

  private SharedEngines() {}

  /** Starts under the lock: a start asks servers for a few seconds at most, and is rare. */
  static InferenceEngine acquire(OpenAiSettings settings) {
    synchronized (ENTRIES) {
      Entry entry = ENTRIES.get(settings);
      if (entry == null) {
        entry = new Entry(OpenAiEngine.start(settings));
        ENTRIES.put(settings, entry);
      }
      entry.holds++;
      return new Hold(settings, entry);
    }
  }

  private static final class Entry {
    private final OpenAiEngine engine;
    private int holds;

    Entry(OpenAiEngine engine) {
      this.engine = engine;
    }
  }

  /** One caller's hold. */
  private static final class Hold implements InferenceEngine {
    private final OpenAiSettings settings;
    private final Entry entry;
    private final AtomicBoolean released = new AtomicBoolean();

    Hold(OpenAiSettings settings, Entry entry) {
      this.settings = settings;
      this.entry = entry;
    }

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      if (released.get()) {
        throw new IllegalStateException("this hold on the engine is closed");
      }
      return entry.engine.submit(request);
    }

    @Override
    public EngineDescription description() {
      return entry.engine.description();
    }

    @Override
    public EngineStatistics statistics() {
      return entry.engine.statistics();
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
        ENTRIES.remove(settings);
      }
      entry.engine.close();
    }
  }
}
