package io.kaiseki.pipelines.backfill;

import io.kaiseki.pipelines.backfill.done.FingerprintSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the operators of a run share with the command in the same process: the documents that are
 * done, which are too many to travel in a job graph, and counts. Operators find it by its token.
 */
public final class RunScope implements AutoCloseable {

  private static final Map<String, RunScope> OPEN = new ConcurrentHashMap<>();

  private final String token = UUID.randomUUID().toString();
  private final FingerprintSet done;
  private final Map<String, AtomicLongArray> counts = new ConcurrentHashMap<>();

  private RunScope(FingerprintSet done) {
    this.done = done;
  }

  /**
   * Opens a scope.
   *
   * @param done the documents that are done; not changed any more
   */
  public static RunScope open(FingerprintSet done) {
    RunScope scope = new RunScope(done);
    OPEN.put(scope.token, scope);
    return scope;
  }

  /** The open scope of a token. */
  static RunScope of(String token) {
    RunScope scope = OPEN.get(token);
    if (scope == null) {
      throw new IllegalStateException(
          "a backfill runs in the process of its command only, and that has ended the run");
    }
    return scope;
  }

  public String token() {
    return token;
  }

  FingerprintSet done() {
    return done;
  }

  /**
   * The counts of a subtask, at their start. A subtask that was restarted counts on from its
   * checkpoint, so what it counted since does not stay.
   */
  void publish(String subtask, AtomicLongArray values) {
    counts.put(subtask, values);
  }

  /** Subtasks that have begun to count. */
  int counting() {
    return counts.size();
  }

  /** The counts of all subtasks; callable from any thread. */
  public Counts counts() {
    EnumMap<Count, Long> sums = new EnumMap<>(Count.class);
    for (Count count : Count.values()) {
      sums.put(
          count, counts.values().stream().mapToLong(values -> values.get(count.ordinal())).sum());
    }
    return new Counts(sums);
  }

  @Override
  public void close() {
    OPEN.remove(token);
  }
}
