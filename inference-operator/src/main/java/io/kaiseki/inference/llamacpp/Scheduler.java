package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Continuous batching: each step admits what fits, puts the next tokens of the slots whose turn it
 * is into one batch, runs the model, and moves every slot on that has logits.
 *
 * <p>Belongs to the engine's thread, as do the context, the slots and the prefixes.
 */
final class Scheduler {

  private final NativeContext context;
  private final LlamaVocabulary vocabulary;
  private final ReasoningSampler sampler;
  private final int endOfReasoning;
  private final EngineCounters counters;
  private final SharedAnswers answers;
  private final Admission admission;
  private final Endings endings;
  private final Probes probes;
  private final Pace pace;

  /** Sequences of the slots that have tokens of their own, or of their prefix, in the batch. */
  private final BitSet inBatch = new BitSet();

  /** The slots that run when a loop over them begins: what is done for one may end it. */
  private final @Nullable Slot[] snapshot;

  Scheduler(
      NativeContext context,
      LlamaVocabulary vocabulary,
      ReasoningSampler sampler,
      int endOfReasoning,
      int slots,
      EngineCounters counters,
      SharedAnswers answers) {
    this.context = context;
    this.vocabulary = vocabulary;
    this.sampler = sampler;
    this.endOfReasoning = endOfReasoning;
    this.counters = counters;
    this.answers = answers;
    admission = new Admission(context, counters, this::slot, slots, capacity());
    endings = new Endings(admission, counters, answers);
    probes = new Probes(context, Admission.sequences(slots));
    pace = new Pace(context.capacity());
    snapshot = new Slot[Admission.slotSequences(slots)];
  }

  private @Nullable Slot slot(
      PendingRequest pending, Prefix prefix, boolean prefixReused, int sequence, long now) {
    try {
      return new Slot(
          pending, prefix, prefixReused, sequence, sampler, vocabulary, endOfReasoning, now);
    } catch (RuntimeException e) {
      endings.fault(pending, e);
      return null;
    }
  }

  /** Sequences that a context needs for a number of slots. */
  static int sequences(int slots) {
    return Admission.sequences(slots) + Probes.PER_BATCH;
  }

  /** Most rows of logits of one step: one for each sequence, or drafts below a tile. */
  static int outputs(int slots) {
    return Math.max(sequences(slots), Pace.TILE_ROWS);
  }

  /** Cells that prefixes and requests can share. */
  int capacity() {
    return context.cells() - Probes.CELLS;
  }

  void enqueue(PendingRequest pending) {
    admission.waiting().add(pending.refreshed());
  }

  boolean idle() {
    return admission.running().isEmpty() && admission.waiting().isEmpty();
  }

  int slotsBusy() {
    return admission.running().size();
  }

  int queued() {
    return admission.waiting().size();
  }

  /** One step; returns at once where nothing can run. */
  void step() {
    inBatch.clear();
    try {
      stepFrom(System.nanoTime());
    } finally {
      // The next step may be long in coming, and what has ended must not stay until then.
      Arrays.fill(snapshot, null);
      probes.clear();
    }
  }

  private void stepFrom(long start) {
    dropGone(start);
    admission.admit(start);
    if (admission.running().isEmpty()) {
      return;
    }
    fill(turn(start));
    if (context.size() == 0) {
      return;
    }
    context.decode();
    counters.decoded(context.size());
    long end = System.nanoTime();
    pace.ran(context.size(), end - start);
    collect(end);
  }

  /** Fails everything that runs or waits. */
  void failAll(FailureReason reason, String message) {
    for (Slot slot : List.copyOf(admission.running())) {
      admission.release(slot);
      endings.fail(slot.pending(), reason, message);
    }
    for (PendingRequest pending; (pending = admission.waiting().poll()) != null; ) {
      endings.fail(pending, reason, message);
    }
  }

  /**
   * Fails what was in the batch of a step that went wrong. Whatever else ran begins again, since
   * nobody knows what the cells hold; those who wait are not concerned.
   *
   * <p>Where nothing was in the batch yet, anything that runs may be at fault, or else anything
   * that waits: the same step must not come again and again.
   */
  void fault(String message) {
    boolean anybody = inBatch.isEmpty();
    if (anybody && admission.running().isEmpty()) {
      failAll(FailureReason.ENGINE_FAULT, message);
    }
    List<PendingRequest> failed = new ArrayList<>();
    for (Slot slot : List.copyOf(admission.running())) {
      admission.release(slot);
      if (anybody || inBatch.get(slot.sequence())) {
        failed.add(slot.pending());
      } else {
        enqueue(slot.pending());
      }
    }
    admission.forgetPrefixes();
    // Those of probes, too.
    context.forgetAll();
    failed.forEach(pending -> endings.fail(pending, FailureReason.ENGINE_FAULT, message));
  }

  private int takeSnapshot() {
    admission.running().toArray(snapshot);
    return admission.running().size();
  }

  private Slot taken(int at) {
    Slot slot = snapshot[at];
    if (slot == null) {
      throw new IllegalStateException("no slot ran at " + at);
    }
    return slot;
  }

  /**
   * Lets go of those who wait no longer. A request ends with the last of them; one that others have
   * made more or less urgent moves in the queue.
   */
  private void dropGone(long now) {
    int slots = takeSnapshot();
    for (int i = 0; i < slots; i++) {
      Slot slot = taken(i);
      List<Waiter> gone = answers.dropGone(slot.pending().flight(), now);
      if (slot.pending().flight().ended()) {
        admission.release(slot);
        slot.pending().plan().leave();
      }
      endings.late(gone, now);
    }
    List<Waiter> late = List.of();
    List<PendingRequest> moved = List.of();
    for (Iterator<PendingRequest> each = admission.waiting().iterator(); each.hasNext(); ) {
      PendingRequest pending = each.next();
      List<Waiter> gone = answers.dropGone(pending.flight(), now);
      if (!gone.isEmpty()) {
        late = late.isEmpty() ? new ArrayList<>() : late;
        late.addAll(gone);
      }
      if (pending.flight().ended()) {
        each.remove();
        pending.plan().leave();
      } else if (pending.outdated()) {
        each.remove();
        moved = moved.isEmpty() ? new ArrayList<>() : moved;
        moved.add(pending.refreshed());
      }
    }
    admission.waiting().addAll(moved);
    endings.late(late, now);
  }

  private Pace.Turn turn(long now) {
    boolean live = false;
    boolean backfill = false;
    for (int i = 0; i < admission.running().size(); i++) {
      boolean isLive = admission.running().get(i).lane() == Lane.LIVE;
      live |= isLive;
      backfill |= !isLive;
    }
    return pace.next(now, live, admission.liveWaits(), backfill);
  }

  private static boolean takesPart(Slot slot, Pace.Turn turn) {
    return turn == Pace.Turn.EVERYONE || (slot.lane() == Lane.LIVE) == (turn == Pace.Turn.LIVE);
  }

  private void fill(Pace.Turn turn) {
    context.clearBatch(pace.tokens());
    probes.clear();
    int decisions = 0;
    int documents = 0;
    int reading = 0;
    List<Slot> running = admission.running();
    for (int i = 0; i < running.size(); i++) {
      Slot slot = running.get(i);
      if (takesPart(slot, turn)) {
        decisions += slot.reading() ? 0 : slot.due();
        documents += slot.reading() ? slot.prefix().unread() + slot.unread() : 0;
        reading += slot.reading() ? 1 : 0;
      }
    }
    double idle = admission.waiting().isEmpty() ? 0 : (double) reading / running.size();
    switch (pace.load(decisions, documents, idle)) {
      case DOCUMENTS -> {
        context.limit(Pace.documentRows(Math.min(documents, context.room())));
        feed(turn, true);
      }
      case DECISIONS -> {
        addProbes(turn);
        feed(turn, false);
        draft();
        int filled = Pace.filledUp(context.size(), documents);
        if (filled > context.size() && filled <= context.capacity()) {
          context.limit(filled);
          feed(turn, true);
        } else {
          undraft();
        }
      }
      case BOTH -> {
        addProbes(turn);
        feed(turn, false);
        feed(turn, true);
        draft();
        undraft();
      }
    }
    for (int i = 0; i < running.size(); i++) {
      counters.drafted(running.get(i).drafted());
    }
  }

  /** Lets slots draft ahead, as long as that makes no tile of the step. */
  private void draft() {
    List<Slot> running = admission.running();
    float least = Pace.worthDrafting(context.outputs());
    for (int i = 0; i < running.size(); i++) {
      int room = Math.min(context.room(), Pace.untilTile(context.size()));
      if (room <= 0) {
        return;
      }
      running.get(i).draft(context, room, least);
    }
  }

  /** Takes back drafts beyond the last whole group of rows: such a row costs more than it saves. */
  private void undraft() {
    int over = context.size() - Pace.wholeGroups(context.size());
    List<Slot> running = admission.running();
    for (int i = running.size() - 1; i >= 0; i--) {
      over -= running.get(i).undraft(context, over);
    }
  }

  private void addProbes(Pace.Turn turn) {
    int slots = takeSnapshot();
    for (int i = 0; i < slots; i++) {
      Slot slot = taken(i);
      if (slot.probing() && takesPart(slot, turn)) {
        int before = probes.count();
        inBatch.set(slot.sequence());
        int tooLong = probes.add(slot);
        inBatch.set(slot.sequence(), probes.count() > before);
        if (tooLong > 0) {
          endings.refuse(slot, tooLong, probes.longest());
        }
      }
    }
  }

  private void feed(Pace.Turn turn, boolean documents) {
    List<Slot> running = admission.running();
    for (int i = 0; i < running.size() && context.room() > 0; i++) {
      Slot slot = running.get(i);
      if (slot.unread() == 0 || slot.reading() != documents || !takesPart(slot, turn)) {
        continue;
      }
      if (slot.prefix().ready()) {
        inBatch.set(slot.sequence());
        slot.feed(context);
      } else if (slot.prefix().unread() > 0) {
        inBatch.set(slot.sequence());
        slot.prefix().feed(context);
      }
    }
  }

  private void collect(long now) {
    admission.settlePrefixes();
    for (int i = 0; i < probes.count(); i++) {
      probes.forget(i);
      Slot slot = probes.slot(i);
      if (admission.running().contains(slot)) {
        try {
          slot.probed(context.logits(probes.row(i)));
        } catch (RuntimeException e) {
          endings.fault(slot, e);
        }
      }
    }
    int slots = takeSnapshot();
    for (int i = 0; i < slots; i++) {
      Slot slot = taken(i);
      try {
        advance(slot, now);
      } catch (RuntimeException e) {
        endings.fault(slot, e);
      }
    }
  }

  private void advance(Slot slot, long now) {
    if (slot.hasLogits() && !slot.finished()) {
      counters.accepted(slot.advance(context, now));
    } else if (slot.probing() && slot.probesAnswered() == slot.decoder().probeCount()) {
      slot.probesDone(now);
    }
    if (slot.finished() && !slot.reconsider(context, now)) {
      endings.answer(slot, now);
    }
  }
}
