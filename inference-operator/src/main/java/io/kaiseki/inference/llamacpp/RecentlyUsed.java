package io.kaiseki.inference.llamacpp;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A map that forgets what was not used for longest. Safe for use by several threads; nothing
 * foreign but the two functions runs under its lock.
 */
final class RecentlyUsed<K, V> {

  private final int maxEntries;
  private final long maxWeight;
  private final ToLongFunction<V> weight;
  private final Predicate<V> inUse;
  private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long totalWeight;

  /**
   * @param maxEntries most entries; where more are in use, there may be more
   * @param maxWeight most that they weigh together, with the same exception
   * @param inUse whether an entry must stay for now
   */
  RecentlyUsed(int maxEntries, long maxWeight, ToLongFunction<V> weight, Predicate<V> inUse) {
    this.maxEntries = maxEntries;
    this.maxWeight = maxWeight;
    this.weight = weight;
    this.inUse = inUse;
  }

  synchronized @Nullable V get(K key) {
    return entries.get(key);
  }

  /** Keeps a value, unless there is one already; that which is kept comes back. */
  synchronized V keep(K key, V value) {
    V kept = entries.get(key);
    if (kept != null) {
      return kept;
    }
    entries.put(key, value);
    totalWeight += weight.applyAsLong(value);
    forgetOldest(value);
    return value;
  }

  /** Forgets a value, unless another one has taken its place. */
  synchronized void forget(K key, V value) {
    if (entries.remove(key, value)) {
      totalWeight -= weight.applyAsLong(value);
    }
  }

  synchronized int size() {
    return entries.size();
  }

  private void forgetOldest(V newest) {
    Iterator<V> oldest = entries.values().iterator();
    while ((entries.size() > maxEntries || totalWeight > maxWeight) && oldest.hasNext()) {
      V next = oldest.next();
      // What was just put in is about to be used.
      if (next != newest && !inUse.test(next)) {
        totalWeight -= weight.applyAsLong(next);
        oldest.remove();
      }
    }
  }
}
