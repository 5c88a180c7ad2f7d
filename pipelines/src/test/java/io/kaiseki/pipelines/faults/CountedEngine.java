package io.kaiseki.pipelines.faults;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.InferenceEngine;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine source that counts how often the job takes hold of it. Every subtask does so when it
 * opens, so a job that was never restarted has done it once for each.
 */
final class CountedEngine implements EngineSource {

  private static final long serialVersionUID = 1L;

  // The source travels through Java serialization into the tasks, so the count can't be a field.
  private static final Map<String, AtomicInteger> OPENED = new ConcurrentHashMap<>();

  private final EngineSource engine;
  private final String name = UUID.randomUUID().toString();

  CountedEngine(EngineSource engine) {
    this.engine = engine;
  }

  @Override
  public InferenceEngine acquire() {
    count().incrementAndGet();
    return engine.acquire();
  }

  /** How often a subtask has opened. */
  int opened() {
    return count().get();
  }

  private AtomicInteger count() {
    return OPENED.computeIfAbsent(name, key -> new AtomicInteger());
  }
}
