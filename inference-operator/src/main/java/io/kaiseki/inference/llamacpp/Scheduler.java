package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.contract.AnswerDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Continuous batching: each step admits what fits, puts the next tokens of all slots and prefixes
 * into one batch, runs the model, and moves every slot on that has logits.
 *
 * <p>Belongs to the engine's thread, as do the context, the slots and the prefixes.
 */
final class Scheduler {

  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

  /** Prefixes that are kept decoded at the same time. */
  static final int PREFIXES = 8;

  /** Probes that fit into one batch, over all slots. */
  static final int PROBES = 24;

  /** Cells kept free for probes. */
  private static final int PROBE_CELLS = 256;

  /** A slot with at most so many unread tokens decides soon; with more, it reads a prompt. */
  private static final int DECISION_TOKENS = 64;

  private final NativeContext context;
  private final LlamaVocabulary vocabulary;
  private final ReasoningSampler sampler;
  private final int endOfReasoning;
  private final EngineCounters counters;
  private final Queue<PendingRequest> waiting = new PriorityQueue<>(PendingRequest.ORDER);
  private final List<Slot> running = new ArrayList<>();
  private final List<Prefix> prefixes = new ArrayList<>();
  private final Deque<Integer> slotSequences = new ArrayDeque<>();
  private final Deque<Integer> prefixSequences = new ArrayDeque<>();
  private final int probeSequence;
  private final Slot[] probeSlots = new Slot[PROBES];
  private final int[] probeRows = new int[PROBES];
  private int probes;
  private int probeCells;
  private int reservedCells;

  Scheduler(
      NativeContext context,
      LlamaVocabulary vocabulary,
      ReasoningSampler sampler,
      int endOfReasoning,
      int slots,
      EngineCounters counters) {
    this.context = context;
    this.vocabulary = vocabulary;
    this.sampler = sampler;
    this.endOfReasoning = endOfReasoning;
    this.counters = counters;
    for (int i = 0; i < PREFIXES; i++) {
      prefixSequences.add(i);
    }
    for (int i = 0; i < slots; i++) {
      slotSequences.add(PREFIXES + i);
    }
    probeSequence = PREFIXES + slots;
  }

  /** Sequences that a context needs for a number of slots. */
  static int sequences(int slots) {
    return PREFIXES + slots + PROBES;
  }

  /** Cells that prefixes and requests can share. */
  int capacity() {
    return context.cells() - PROBE_CELLS;
  }

  void enqueue(PendingRequest pending) {
    waiting.add(pending);
  }

  boolean idle() {
    return running.isEmpty() && waiting.isEmpty();
  }

  int slotsBusy() {
    return running.size();
  }

  int queued() {
    return waiting.size();
  }

  /** One step; returns at once where nothing can run. */
  void step() {
    long now = System.nanoTime();
    dropEnded(now);
    admit(now);
    if (running.isEmpty()) {
      return;
    }
    fill();
    if (context.size() == 0) {
      return;
    }
    context.decode();
    counters.decoded(context.size());
    collect(System.nanoTime());
  }

  /** Fails everything that runs or waits. */
  void failAll(FailureReason reason, String message) {
    for (Slot slot : List.copyOf(running)) {
      release(slot);
      fail(slot.pending(), reason, message);
    }
    for (PendingRequest pending; (pending = waiting.poll()) != null; ) {
      fail(pending, reason, message);
    }
  }

  /** Frees what a fault may have left in an unknown state, probes too; no slot runs any more. */
  void forgetCells() {
    for (Prefix prefix : List.copyOf(prefixes)) {
      evict(prefix);
    }
    context.forgetAll();
  }

  private void dropEnded(long now) {
    for (Slot slot : List.copyOf(running)) {
      if (ended(slot.pending(), now)) {
        release(slot);
        failEnded(slot.pending(), now);
      }
    }
    List<PendingRequest> late = List.of();
    for (Iterator<PendingRequest> each = waiting.iterator(); each.hasNext(); ) {
      PendingRequest pending = each.next();
      if (ended(pending, now)) {
        each.remove();
        late = late.isEmpty() ? new ArrayList<>() : late;
        late.add(pending);
      }
    }
    late.forEach(pending -> failEnded(pending, now));
  }

  private static boolean ended(PendingRequest pending, long now) {
    return pending.future().isDone() || pending.expired(now);
  }

  /** A request that was cancelled keeps that as its end. */
  private void failEnded(PendingRequest pending, long now) {
    fail(
        pending,
        FailureReason.DEADLINE,
        "the deadline passed "
            + (now - pending.submittedNanos()) / 1_000_000
            + " ms after submission, before the answer was complete; raise limits.deadline, or"
            + " give the engine more slots or a smaller model");
  }

  private void fail(PendingRequest pending, FailureReason reason, String message) {
    counters.failed();
    complete(pending, new Outcome.Failed(reason, message));
  }

  /** Who learns of an outcome finds it counted, and its slot free. */
  private void complete(PendingRequest pending, Outcome outcome) {
    counters.publish(slotsBusy(), queued());
    pending.future().complete(outcome);
  }

  private void admit(long now) {
    while (!waiting.isEmpty()) {
      PendingRequest next = waiting.element();
      Prefix prefix = find(next.plan());
      boolean reused = prefix != null;
      int needed = next.cells() + (reused ? 0 : next.plan().prefix().length);
      if (slotSequences.isEmpty() || !makeRoom(needed, prefix)) {
        if (!fitsBesideLive(needed, prefix) || !giveUpBackfillFor(next)) {
          return;
        }
        continue;
      }
      if (prefix == null) {
        prefix = new Prefix(next.plan(), prefixSequences.remove());
        prefixes.add(prefix);
        reservedCells += prefix.length();
        counters.prefixDecoded(prefix.length());
      } else {
        counters.prefixHit();
      }
      waiting.remove();
      prefix.acquire(now);
      reservedCells += next.cells();
      next.entry().enter();
      running.add(
          new Slot(
              next,
              prefix,
              reused,
              slotSequences.remove(),
              sampler,
              vocabulary,
              endOfReasoning,
              now));
    }
  }

  /**
   * Frees a slot for a live request: the backfill slot that has read least goes back into the
   * queue, where it keeps its place.
   */
  private boolean giveUpBackfillFor(PendingRequest next) {
    if (next.request().lane() != Lane.LIVE) {
      return false;
    }
    Slot least = null;
    for (Slot slot : running) {
      if (slot.pending().request().lane() == Lane.BACKFILL
          && (least == null || slot.tokensRead() < least.tokensRead())) {
        least = slot;
      }
    }
    if (least == null) {
      return false;
    }
    release(least);
    waiting.add(least.pending());
    return true;
  }

  /** Whether a request would fit if every backfill slot were given up. */
  private boolean fitsBesideLive(int needed, @Nullable Prefix kept) {
    List<Slot> live =
        running.stream().filter(slot -> slot.pending().request().lane() == Lane.LIVE).toList();
    int requests = live.stream().mapToInt(Slot::cells).sum();
    int prefixesInUse =
        Stream.concat(live.stream().map(Slot::prefix), Stream.ofNullable(kept))
            .distinct()
            .mapToInt(Prefix::length)
            .sum();
    return requests + prefixesInUse + needed <= capacity();
  }

  private @Nullable Prefix find(AnalysisPlan plan) {
    for (Prefix prefix : prefixes) {
      if (prefix.plan() == plan) {
        return prefix;
      }
    }
    return null;
  }

  /**
   * Gives up prefixes that nobody uses, the least recently used first, until a request fits; none
   * if it does not fit even then.
   */
  private boolean makeRoom(int cells, @Nullable Prefix kept) {
    int idle =
        prefixes.stream()
            .filter(prefix -> prefix.idle() && prefix != kept)
            .mapToInt(Prefix::length)
            .sum();
    if (reservedCells - idle + cells > capacity()) {
      return false;
    }
    while (reservedCells + cells > capacity() || (kept == null && prefixSequences.isEmpty())) {
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

  /** Decisions first, since many slots share one read of the weights; then prompts, in order. */
  private void fill() {
    context.clearBatch();
    probes = 0;
    probeCells = 0;
    for (Slot slot : List.copyOf(running)) {
      if (slot.probing()) {
        probe(slot);
      }
    }
    feed(true);
    for (int i = 0; i < prefixes.size(); i++) {
      Prefix prefix = prefixes.get(i);
      if (!prefix.ready()) {
        prefix.feed(context);
      }
    }
    feed(false);
  }

  private void feed(boolean decisions) {
    for (int i = 0; i < running.size(); i++) {
      Slot slot = running.get(i);
      int unread = slot.unread();
      if (unread > 0
          && unread <= DECISION_TOKENS == decisions
          && slot.prefix().ready()
          && context.room() > 0) {
        slot.feed(context);
      }
    }
  }

  /** Lets the model read, beside the answer, the tokens of branches that hold several labels. */
  private void probe(Slot slot) {
    AnswerDecoder decoder = slot.decoder();
    for (int i = slot.probesAnswered(); i < decoder.probeCount() && probes < PROBES; i++) {
      int[] path = decoder.probe(i);
      if (path.length > Math.min(context.capacity(), PROBE_CELLS)) {
        refuse(slot, path.length);
        return;
      }
      if (path.length > Math.min(context.room(), PROBE_CELLS - probeCells)) {
        return;
      }
      int sequence = probeSequence + probes;
      context.share(slot.sequence(), sequence, 0, slot.position());
      for (int at = 0; at < path.length; at++) {
        boolean last = at + 1 == path.length;
        int row = context.add(path[at], slot.position() + at, sequence, last);
        probeRows[probes] = last ? row : probeRows[probes];
      }
      probeSlots[probes++] = slot;
      probeCells += path.length;
    }
  }

  private void collect(long now) {
    for (int i = 0; i < prefixes.size(); i++) {
      prefixes.get(i).settle();
    }
    for (int i = 0; i < probes; i++) {
      context.forget(probeSequence + i, 0);
      Slot slot = probeSlots[i];
      int row = probeRows[i];
      guarded(slot, () -> slot.probed(context.logits(row)));
    }
    for (Slot slot : List.copyOf(running)) {
      guarded(slot, () -> advance(slot, now));
    }
  }

  private void advance(Slot slot, long now) {
    int row = slot.takeRow();
    if (row != Slot.NO_ROW) {
      slot.advance(context.logits(row), now);
    } else if (slot.probing() && slot.probesAnswered() == slot.decoder().probeCount()) {
      slot.probesDone(now);
    }
    if (slot.finished() && !slot.reconsider(context)) {
      Outcome answered = new Outcome.Answered(slot.completion(now));
      counters.answered(slot.usage());
      release(slot);
      complete(slot.pending(), answered);
    }
  }

  /** What goes wrong with one document must not take the others along. */
  private void guarded(Slot slot, Runnable work) {
    if (!running.contains(slot)) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("event=document-fault document={}", slot.pending().request().id(), e);
      release(slot);
      // The exception's own message may quote the answer, and with it the document.
      fail(
          slot.pending(),
          FailureReason.ENGINE_FAULT,
          "the engine failed on the document with "
              + e.getClass().getName()
              + ", and its log has more; if this happens to many documents, the weights may be"
              + " damaged: check model.file against its publisher's SHA-256 and pin that as"
              + " model.sha256");
    }
  }

  private void refuse(Slot slot, int labelTokens) {
    release(slot);
    fail(
        slot.pending(),
        FailureReason.REFUSED,
        "a label of the result schema takes "
            + labelTokens
            + " tokens of the model beyond what it shares with others, but at most "
            + Math.min(context.capacity(), PROBE_CELLS)
            + " can be weighed; use a shorter label, or raise model.batch-tokens if that is less than "
            + PROBE_CELLS);
  }

  private void release(Slot slot) {
    running.remove(slot);
    context.forget(slot.sequence(), 0);
    slotSequences.add(slot.sequence());
    slot.prefix().release();
    reservedCells -= slot.cells();
    slot.pending().plan().giveBack(slot.decoder());
    slot.pending().entry().leave();
  }
}
