package io.kaiseki.inference.llamacpp;

import java.util.EnumSet;
import java.util.Set;

/**
 * Whose turn each step of the engine is, what it has of them, and how many tokens it may have.
 *
 * <p>While live requests run, backfill gets turns of its own that add up to {@link #BACKFILL_SHARE}
 * of the time; sharing steps with live requests instead would make each of those as slow as the
 * whole batch. Between live requests, backfill has all of the engine, but its steps are cut to
 * about {@link #STEP_NANOS}, by the rate of the steps before: a step can't be interrupted, so its
 * length is what the next live request may have to wait. Where no live request has come for a
 * while, batches are full.
 *
 * <p>From {@value #TILE_ROWS} tokens on, llama.cpp's flash attention on a CPU works in tiles of so
 * many rows, and a tile passes over every cell that any of its rows sees. Decisions of many slots
 * in one tile would pay for the cells of all of them, so larger steps have either decisions or
 * documents, and take turns; only a few tokens of documents are read with decisions, where they
 * fill up a group of rows or are left over.
 *
 * <p>While more requests wait for a slot, documents are gathered: a step of documents takes time
 * besides its rows, which several share that are read together. Slots stand idle until then, so
 * steps of decisions have fewer rows to share what these take besides. The wait ends once it has
 * cost as much as a step of documents would, as in the economic order quantity.
 */
final class Pace {

  /** Who takes part in a step. */
  enum Turn {
    EVERYONE,
    LIVE,
    BACKFILL
  }

  /** What of those who take part a step has. */
  enum Load {
    /** The few tokens that slots read before their next choices, filled up with documents. */
    DECISIONS,
    /** What slots have yet to read of their documents, and of instructions. */
    DOCUMENTS,
    BOTH
  }

  /** {@code GGML_FA_TILE_Q} of llama.cpp. */
  static final int TILE_ROWS = 64;

  /** How many rows take as long as what a step takes whatever its rows, as measured on one CPU. */
  private static final float ROWS_OF_A_STEP = 5;

  /**
   * What a step of documents takes besides its rows, in what a step of decisions takes besides
   * them. About: how many documents are best gathered goes by its square root.
   */
  static final double DOCUMENT_STEP = 3;

  /** What a step of backfill should take at most while live requests come. */
  static final long STEP_NANOS = 500_000_000;

  /**
   * Part of the time that backfill keeps while live requests run, lest it stand still. What it gets
   * there it loses afterwards, for live requests run so much longer.
   */
  static final double BACKFILL_SHARE = 0.05;

  /** Smaller batches would waste the machine: each step reads all weights. */
  static final int LEAST_TOKENS = 64;

  /** How long after a live request the next one is reckoned with. */
  static final long EXPECTING_NANOS = 60_000_000_000L;

  /** How fast the estimate follows: the last four or five steps make up half of it. */
  private static final double WEIGHT = 0.15;

  private final int most;
  private double tokensPerNano;
  private double backfillStepNanos;
  private double backfillCredit;
  private boolean liveSeen;
  private long lastLive;
  private boolean cut;
  private double idled;
  private Turn turn = Turn.EVERYONE;

  /** Those whose decisions waited in their last step, which had documents. */
  private final Set<Turn> decisionsDue = EnumSet.noneOf(Turn.class);

  /**
   * @param most tokens that a batch can hold
   */
  Pace(int most) {
    this.most = most;
  }

  /**
   * Begins a step.
   *
   * @param now on {@link System#nanoTime()}'s scale
   * @param live whether live requests run
   * @param liveWaits whether live requests wait for a slot; backfill then has no turn
   * @param backfill whether backfill requests run
   */
  Turn next(long now, boolean live, boolean liveWaits, boolean backfill) {
    if (live) {
      liveSeen = true;
      lastLive = now;
    }
    cut = !live && liveSeen && now - lastLive < EXPECTING_NANOS;
    if (!live || !backfill) {
      backfillCredit = 0;
      turn = Turn.EVERYONE;
    } else {
      boolean due = backfillCredit > 0 && backfillCredit >= backfillStepNanos;
      turn = due && !liveWaits ? Turn.BACKFILL : Turn.LIVE;
    }
    return turn;
  }

  /**
   * What the step that has begun is to have.
   *
   * @param decisions tokens that decisions of those who take part wait for
   * @param documents tokens of documents and instructions that they have yet to read
   * @param idle the part of the slots whose documents are yet to be read, where more requests wait
   *     for a slot, so that more documents will come; 0 where none does
   */
  Load load(int decisions, int documents, double idle) {
    int all = decisions + documents;
    boolean leftOver = documents < NativeContext.GROUP_ROWS && all <= tokens();
    if (decisions == 0 || documents == 0 || leftOver || all < TILE_ROWS) {
      decisionsDue.remove(turn);
      idled = 0;
      return Load.BOTH;
    }
    if (decisionsDue.remove(turn) || gathers(documents, idle)) {
      return Load.DECISIONS;
    }
    decisionsDue.add(turn);
    idled = 0;
    return Load.DOCUMENTS;
  }

  /** Whether documents wait for others that can be read in the same step. */
  private boolean gathers(int documents, double idle) {
    if (idle == 0 || turn != Turn.EVERYONE || cut || documents >= tokens()) {
      return false;
    }
    idled += idle;
    return idled < DOCUMENT_STEP;
  }

  /** The rows of whole groups among some. */
  static int wholeGroups(int rows) {
    return rows - rows % NativeContext.GROUP_ROWS;
  }

  /**
   * The rows of a step of documents: whole groups, or what is left over. The one to three beyond
   * whole groups are read with the decisions.
   */
  static int documentRows(int documents) {
    return documents < NativeContext.GROUP_ROWS ? documents : wholeGroups(documents);
  }

  /**
   * The rows of a step of decisions together with as much of waiting documents as fills its last
   * group, where that makes no tile. One or two rows alone take less time than a group does.
   */
  static int filledUp(int rows, int documents) {
    int whole = wholeGroups(rows + NativeContext.GROUP_ROWS - 1);
    boolean fits = documents >= whole - rows && (whole < TILE_ROWS || rows >= TILE_ROWS);
    return rows > 2 && fits ? whole : rows;
  }

  /**
   * The least probability at which a drafted token is worth its row in a step of some decisions. If
   * it is right, it saves another row and its share of what a step takes besides, which is about
   * {@link #ROWS_OF_A_STEP} rows' worth.
   */
  static float worthDrafting(int decisions) {
    return decisions / (decisions + ROWS_OF_A_STEP);
  }

  /** How many more tokens a step can have before it is worked at in tiles; none once it is. */
  static int untilTile(int tokens) {
    return Math.max(0, TILE_ROWS - 1 - tokens);
  }

  /** Most tokens of the step that has begun. */
  int tokens() {
    if (tokensPerNano == 0 || !cut && turn != Turn.BACKFILL) {
      return most;
    }
    double nanos = turn == Turn.BACKFILL ? Math.min(STEP_NANOS, backfillCredit) : STEP_NANOS;
    return Math.min(most, Math.max(LEAST_TOKENS, (int) (nanos * tokensPerNano)));
  }

  /** Ends the step. */
  void ran(int tokens, long nanos) {
    // A step with few tokens is bound by reading the weights, and tells nothing of a larger one.
    if (tokens >= LEAST_TOKENS / 2) {
      double rate = (double) tokens / Math.max(1, nanos);
      tokensPerNano = tokensPerNano == 0 ? rate : tokensPerNano + WEIGHT * (rate - tokensPerNano);
    }
    if (turn == Turn.LIVE) {
      // More than it takes for a turn piles up only while live requests wait for a slot. Spent at
      // once, it would hold up all of them for as long as they have waited before.
      double kept = Math.min(backfillCredit, Math.max(STEP_NANOS, backfillStepNanos));
      backfillCredit = kept + nanos * BACKFILL_SHARE / (1 - BACKFILL_SHARE);
    } else if (turn == Turn.BACKFILL) {
      backfillCredit -= nanos;
      backfillStepNanos = nanos;
    }
  }
}
