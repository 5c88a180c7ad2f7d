package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.contract.AnswerDecoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The probes of a batch: branches of a decision that hold several labels, which the model reads in
 * sequences of their own beside the answers, and forgets. Belongs to the engine's thread.
 */
final class Probes {

  /** Probes that fit into one batch, over all slots. */
  static final int PER_BATCH = 24;

  /** Cells kept free for probes. */
  static final int CELLS = 256;

  private final NativeContext context;
  private final int firstSequence;
  private final @Nullable Slot[] slots = new Slot[PER_BATCH];
  private final int[] rows = new int[PER_BATCH];
  private int count;
  private int cells;

  /**
   * @param firstSequence the first of {@link #PER_BATCH} sequences
   */
  Probes(NativeContext context, int firstSequence) {
    this.context = context;
    this.firstSequence = firstSequence;
  }

  /** Longest path that can be probed, in tokens. */
  int longest() {
    return Math.min(context.capacity(), CELLS);
  }

  /** Begins a batch, and lets go of the slots that had probes in the one before. */
  void clear() {
    Arrays.fill(slots, 0, count, null);
    count = 0;
    cells = 0;
  }

  /**
   * Puts as many of a slot's unanswered probes into the batch as fit. The first one has all of the
   * batch, however short the step shall be, so that it fits at some time.
   *
   * @return the length of a path that will never fit, in tokens; 0 if there is none
   */
  int add(Slot slot) {
    AnswerDecoder decoder = slot.decoder();
    for (int i = slot.probesAnswered(); i < decoder.probeCount() && count < PER_BATCH; i++) {
      int[] path = decoder.probe(i);
      if (path.length > longest()) {
        return path.length;
      }
      int room = count == 0 ? context.capacity() - context.size() : context.room();
      if (path.length > Math.min(room, CELLS - cells)) {
        return 0;
      }
      int sequence = firstSequence + count;
      context.share(slot.sequence(), sequence, 0, slot.position());
      for (int at = 0; at < path.length; at++) {
        boolean last = at + 1 == path.length;
        int row = context.add(path[at], slot.position() + at, sequence, last);
        rows[count] = last ? row : rows[count];
      }
      slots[count++] = slot;
      cells += path.length;
    }
    return 0;
  }

  /** Probes in the batch. */
  int count() {
    return count;
  }

  /** The slot that a probe is for. */
  Slot slot(int probe) {
    Slot slot = slots[probe];
    if (slot == null) {
      throw new IllegalStateException("no slot has probe " + probe);
    }
    return slot;
  }

  /** The row of a probe's logits. */
  int row(int probe) {
    return rows[probe];
  }

  /** Takes a probe's tokens off the cells. */
  void forget(int probe) {
    context.forget(firstSequence + probe, 0);
  }
}
