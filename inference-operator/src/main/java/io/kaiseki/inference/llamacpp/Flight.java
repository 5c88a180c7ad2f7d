package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Lane;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of the model and all who wait for its answer. The run belongs to none of them: it goes on
 * as long as anybody waits, and it is as urgent as the most urgent of them.
 *
 * <p>Callers join on their own threads while the engine's thread lets go of those who left and ends
 * the flight. No lock is held at any time: the list of waiters is replaced as a whole, and its
 * absence says that the flight has ended, so that nobody joins unnoticed.
 */
final class Flight {

  private final @Nullable AnswerKey key;

  /** In the order of arrival, never empty; null once the flight has ended. */
  private final AtomicReference<@Nullable List<Waiter>> waiters;

  private final Waiter first;

  /**
   * @param key what others may know the document by; null if its answer is not to be reused
   */
  Flight(Waiter first, @Nullable AnswerKey key) {
    this.first = first;
    this.key = key;
    waiters = new AtomicReference<>(List.of(first));
  }

  @Nullable AnswerKey key() {
    return key;
  }

  /** The waiter for whom the flight began, who may have left. */
  Waiter first() {
    return first;
  }

  /** Whether the waiter is on board; not if the flight has ended. */
  boolean join(Waiter waiter) {
    while (true) {
      List<Waiter> now = waiters.get();
      if (now == null) {
        return false;
      }
      List<Waiter> more = new ArrayList<>(now);
      more.add(waiter);
      if (waiters.compareAndSet(now, List.copyOf(more))) {
        return true;
      }
    }
  }

  /**
   * Lets go of those who have cancelled or whose deadline has passed, and ends the flight with the
   * last of them.
   *
   * @return those who left
   */
  List<Waiter> dropGone(long now) {
    while (true) {
      List<Waiter> all = waiters.get();
      if (all == null || !anyGone(all, now)) {
        return List.of();
      }
      List<Waiter> left = new ArrayList<>();
      List<Waiter> stay = new ArrayList<>();
      for (Waiter waiter : all) {
        (waiter.gone(now) ? left : stay).add(waiter);
      }
      if (waiters.compareAndSet(all, stay.isEmpty() ? null : List.copyOf(stay))) {
        return left;
      }
    }
  }

  private static boolean anyGone(List<Waiter> all, long now) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).gone(now)) {
        return true;
      }
    }
    return false;
  }

  boolean ended() {
    return waiters.get() == null;
  }

  /** The most urgent of those who wait; where nobody does any more, the first. */
  Waiter mostUrgent() {
    List<Waiter> all = waiters.get();
    if (all == null) {
      return first;
    }
    return all.size() == 1 ? all.get(0) : Collections.min(all, Waiter.URGENCY);
  }

  Lane lane() {
    return mostUrgent().request().lane();
  }

  /** Ends the flight; whoever waited is the caller's to tell. Nobody if it had ended already. */
  List<Waiter> end() {
    List<Waiter> all = waiters.getAndSet(null);
    return all == null ? List.of() : all;
  }
}
