package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who runs and who waits, by arithmetic: a request is admitted when a sequence is free and the KV
 * cells that it may need at most are. Live requests come first; they have a few sequences to
 * themselves, and where even those or the cells are used up, a backfill slot is given up for them.
 *
 * <p>Belongs to the engine's thread, as do the slots and the prefixes.
 */
final class Admission {

  /** Prefixes that are kept decoded at the same time. */
  static final int PREFIXES = 8;

  /** One sequence in so many is kept for live requests, beside those that all may use. */
  private static final int LIVE_ONLY = 4;

  /** Makes the slot of an admitted request; none if that fails, and the request with it. */
  interface SlotFactory {
    @Nullable Slot slot(
        PendingRequest pending, Prefix prefix, boolean prefixReused, int sequence, long now);
  }

  private final NativeContext context;
  private final EngineCounters counters;
  private final SlotFactory factory;
  private final int slots;
  private final int capacity;
  private final Queue<PendingRequest> waiting = new PriorityQueue<>(PendingRequest.ORDER);
  private final List<Slot> running = new ArrayList<>();
  private final List<Prefix> prefixes = new ArrayList<>();
  private final Deque<Integer> slotSequences = new ArrayDeque<>();
  private final Deque<Integer> prefixSequences = new ArrayDeque<>();
  private int reservedCells;

  /**
   * @param slots requests of any lane that run at the same time
   * @param capacity cells that prefixes and requests can share
   */
  Admission(
      NativeContext context,
      EngineCounters counters,
      SlotFactory factory,
      int slots,
      int capacity) {
    this.context = context;
    this.counters = counters;
    this.factory = factory;
    this.slots = slots;
    this.capacity = capacity;
    for (int i = 0; i < PREFIXES; i++) {
      prefixSequences.add(i);
    }
    for (int i = 0; i < slotSequences(slots); i++) {
      slotSequences.add(PREFIXES + i);
    }
  }

  /** Slots that there can be at most: those for all, and those for live requests alone. */
  static int slotSequences(int slots) {
    return slots + Math.max(1, slots / LIVE_ONLY);
  }

  /** Sequences that prefixes and slots need; they are numbered from 0. */
  static int sequences(int slots) {
    return PREFIXES + slotSequences(slots);
  }

  /** Those who run, in the order of their admission; to be read only. */
  List<Slot> running() {
    return running;
  }

  /**
   * Those who wait, the most urgent first; a request whose urgency has changed must be put anew.
   */
  Queue<PendingRequest> waiting() {
    return waiting;
  }

  /** Whether a live request waits. */
  boolean liveWaits() {
    PendingRequest next = waiting.peek();
    return next != null && next.flight().lane() == Lane.LIVE;
  }

  /**
   * Admits those who fit, the most urgent first. Nobody overtakes one that does not fit, but for
   * backfill that would not fit either if all other backfill were gone: until the live requests
   * that run have ended, waiting for it would leave their lane empty.
   */
  void admit(long now) {
    List<PendingRequest> aside = List.of();
    while (!waiting.isEmpty() && aside.size() < slots) {
      PendingRequest next = waiting.element();
      if (next.outdated()) {
        // Somebody may join at any time. At a place that is not its own, a request that has become
        // live would have backfill given up that stands before it, and is admitted again.
        waiting.remove();
        waiting.add(next.refreshed());
        continue;
      }
      Prefix prefix = find(next.plan());
      int needed = next.cells() + (prefix == null ? next.plan().prefix().length : 0);
      boolean free = sequenceFree(next.flight().lane());
      if (free && makeRoom(needed, prefix)) {
        waiting.remove();
        start(next, prefix, now);
      } else if (free && next.flight().lane() == Lane.BACKFILL && !fitsBesideLive(needed, prefix)) {
        aside = aside.isEmpty() ? new ArrayList<>() : aside;
        aside.add(waiting.remove());
      } else if (!giveUpBackfillFor(next, needed, prefix)) {
        break;
      }
    }
    waiting.addAll(aside);
  }

  private boolean sequenceFree(Lane lane) {
    return lane == Lane.LIVE ? !slotSequences.isEmpty() : running.size() < slots;
  }

  private void start(PendingRequest next, @Nullable Prefix known, long now) {
    Prefix prefix = known;
    if (prefix == null) {
      prefix = new Prefix(next.plan(), prefixSequences.remove());
      prefixes.add(prefix);
      reservedCells += prefix.length();
    }
    Slot slot = factory.slot(next, prefix, known != null, slotSequences.element(), now);
    if (slot == null) {
      return;
    }
    if (known != null) {
      counters.prefixHit();
    }
    slotSequences.remove();
    prefix.acquire(now);
    reservedCells += next.cells();
    run(slot);
    next.entry().enter();
  }

  /**
   * Steps are filled in the order of the slots, so the most urgent stands first: a long document
   * must not keep one that is due before it from being read.
   */
  private void run(Slot slot) {
    int at = running.size();
    while (at > 0
        && PendingRequest.ORDER.compare(running.get(at - 1).pending(), slot.pending()) > 0) {
      at--;
    }
    running.add(at, slot);
  }

  /**
   * Frees a slot for a live request: the backfill slot that has read least goes back into the
   * queue, where it keeps its place. None if the request would not fit even without all of them.
   */
  private boolean giveUpBackfillFor(PendingRequest next, int needed, @Nullable Prefix kept) {
    if (next.flight().lane() != Lane.LIVE) {
      return false;
    }
    Slot least = null;
    for (int i = 0; i < running.size(); i++) {
      Slot slot = running.get(i);
      if (slot.lane() == Lane.BACKFILL
          && (least == null || slot.tokensRead() < least.tokensRead())) {
        least = slot;
      }
    }
    if (least == null || !fitsBesideLive(needed, kept)) {
      return false;
    }
    release(least);
    waiting.add(least.pending().refreshed());
    return true;
  }

  private boolean fitsBesideLive(int needed, @Nullable Prefix kept) {
    List<Slot> live = running.stream().filter(slot -> slot.lane() == Lane.LIVE).toList();
    int requests = live.stream().mapToInt(Slot::cells).sum();
    List<Prefix> inUse =
        Stream.concat(live.stream().map(Slot::prefix), Stream.ofNullable(kept)).distinct().toList();
    int cells = requests + inUse.stream().mapToInt(Prefix::length).sum() + needed;
    return cells <= capacity && (kept != null || inUse.size() < PREFIXES);
  }

  private @Nullable Prefix find(AnalysisPlan plan) {
    for (int i = 0; i < prefixes.size(); i++) {
      if (prefixes.get(i).plan() == plan) {
        return prefixes.get(i);
      }
    }
    return null;
  }

  /**
   * Gives up prefixes that nobody uses, the least recently used first, until a request fits; none
   * if it does not fit even then.
   */
  private boolean makeRoom(int cells, @Nullable Prefix kept) {
    int idle = 0;
    for (int i = 0; i < prefixes.size(); i++) {
      Prefix prefix = prefixes.get(i);
      idle += prefix.idle() && prefix != kept ? prefix.length() : 0;
    }
    if (reservedCells - idle + cells > capacity) {
      return false;
    }
    while (reservedCells + cells > capacity || (kept == null && prefixSequences.isEmpty())) {
      Prefix oldest =
          prefixes.stream()
              .filter(prefix -> prefix.idle() && prefix != kept)
              .min(Comparator.comparingLong(Prefix::lastUse))
              .orElse(null);
      if (oldest == null) {
        return false;
      }
      evict(oldest);
    }
    return true;
  }

  private void evict(Prefix prefix) {
    context.forget(prefix.sequence(), 0);
    prefixes.remove(prefix);
    prefixSequences.add(prefix.sequence());
    reservedCells -= prefix.length();
  }

  /** Says that the batch has been run. */
  void settlePrefixes() {
    for (int i = 0; i < prefixes.size(); i++) {
      if (prefixes.get(i).settle()) {
        counters.prefixDecoded(prefixes.get(i).length());
      }
    }
  }

  /** Gives up all prefixes; no slot runs any more. */
  void forgetPrefixes() {
    for (Prefix prefix : List.copyOf(prefixes)) {
      evict(prefix);
    }
  }

  /** Frees a slot; does nothing if it is free already. */
  void release(Slot slot) {
    if (!running.remove(slot)) {
      return;
    }
    context.forget(slot.sequence(), 0);
    slotSequences.add(slot.sequence());
    slot.prefix().release();
    reservedCells -= slot.cells();
    slot.pending().plan().giveBack(slot.decoder());
    slot.pending().entry().leave();
  }
}
