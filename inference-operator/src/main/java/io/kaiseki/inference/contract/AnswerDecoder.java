package io.kaiseki.inference.contract;

import io.kaiseki.inference.FieldConfidence;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Writes one answer under a constraint. It says which tokens come without a choice, asks for logits
 * where there is one, and can't leave the contract.
 *
 * <p>Protocol: {@link #start} once per answer; then, until {@link #need()} is {@link Need#NOTHING},
 * let the model read the {@linkplain #pendingToken pending tokens}, {@linkplain #clearPending clear
 * them}, and hand over the logits after the last one ({@link #choose}) or those after each probe
 * ({@link #probed}). A probe is a token sequence that the model reads after the answer so far, and
 * then forgets. Together with the pending tokens, the model may read what the decoder {@linkplain
 * #draft drafts} ahead.
 *
 * <p>Not thread-safe. Reused from answer to answer, so that a step allocates next to nothing.
 */
public final class AnswerDecoder {

  /** What the decoder waits for. */
  public enum Need {
    /** The logits after the last pending token. */
    LOGITS,
    /** The logits after each probe. */
    PROBES,
    /** Nothing: the answer is complete. */
    NOTHING
  }

  private static final float[] NONE = {};

  private final AnswerBuffer buffer = new AnswerBuffer();
  private final Constraint constraint;
  private final AnswerPosition position;
  private final LoopCounters loops;
  private final ChoiceCursor choice;
  private final ValueWriter values;
  private final Draft draft;

  private Need need = Need.NOTHING;
  private int choices;
  private final KeptRows rows;
  private float[] keptValues = NONE;
  private final Logits kept = new Logits(FloatBuffer.wrap(NONE));

  /** A decoder for answers of one contract. */
  public AnswerDecoder(Constraint constraint) {
    this(constraint, new DraftMemory());
  }

  /** A decoder that learns together with others of the same contract. */
  public AnswerDecoder(Constraint constraint, DraftMemory memory) {
    this(constraint, memory, new KeptRows());
  }

  /**
   * A decoder that learns together with others of the same contract, and shares memory with others
   * of the same vocabulary.
   */
  public AnswerDecoder(Constraint constraint, DraftMemory memory, KeptRows rows) {
    this.constraint = constraint;
    this.rows = rows;
    position = new AnswerPosition(constraint.grammar());
    loops = new LoopCounters(constraint.grammar());
    choice = new ChoiceCursor(constraint, loops);
    values = new ValueWriter(constraint, memory, position, buffer, loops);
    draft = new Draft(memory.lengths());
  }

  /** Begins an answer; tokens may be pending at once. */
  public void start(QuoteSource document) {
    values.quoteFrom(document);
    buffer.reset();
    choice.reset();
    choices = 0;
    draft.clear();
    position.reset();
    run();
  }

  /** Lets go of the document, and of a row of logits, until the next answer is begun. */
  public void forget() {
    values.forget();
    if (keptValues != NONE) {
      rows.giveBack(keptValues);
      keptValues = NONE;
      kept.at(FloatBuffer.wrap(NONE), 0);
    }
  }

  /** What the decoder waits for. */
  public Need need() {
    return need;
  }

  /** Tokens to be read by the model before it is asked again. */
  public int pendingCount() {
    return buffer.pendingCount();
  }

  /** A pending token. */
  public int pendingToken(int at) {
    return buffer.pending(at);
  }

  /** Says that the pending tokens have been taken. */
  public void clearPending() {
    buffer.clearPending();
  }

  /**
   * Drafts how the answer goes on after the pending tokens, where it copies the document or is like
   * earlier ones. Whoever lets the model read these tokens as well can {@link #choose} once more
   * for each of them that is {@linkplain #accepted accepted}.
   *
   * @param most tokens that the model can read
   * @param least the probability of being right that a drafted token has to have, where one is
   *     known
   * @return how many there are
   */
  public int draft(int most, float least) {
    draft.clear();
    Draft.Guess guess = need == Need.LOGITS ? values.guess() : null;
    if (guess != null) {
      draft.begin(guess, position.number(), most, least);
    }
    return draft.size();
  }

  /** Says that the model reads no more than so many of the drafted tokens. */
  public void shortenDraft(int most) {
    draft.shorten(most);
  }

  /** A drafted token. */
  public int draftToken(int at) {
    return draft.token(at);
  }

  /**
   * Whether a drafted token is the one that is pending, so that the model has read it already. It
   * is not pending any more then, and the logits after it can be taken. To be asked in order; the
   * first that is not accepted ends the draft.
   */
  public boolean accepted(int at) {
    if (need == Need.LOGITS && buffer.pendingCount() == 1 && draft.says(at, buffer.pending(0))) {
      buffer.clearPending();
      return true;
    }
    draft.end(at);
    return false;
  }

  /** Number of probes that are asked for. */
  public int probeCount() {
    return choice.probeCount();
  }

  /** Tokens of a probe, to be read after the answer so far. */
  public int[] probe(int at) {
    return choice.probe(at);
  }

  /**
   * Takes the logits after a probe's last token.
   *
   * @throws ArithmeticException if those that decide are no numbers
   */
  public void probed(int at, Logits logits) {
    choice.probed(at, logits);
  }

  /**
   * Says that all probes have been answered.
   *
   * @throws ArithmeticException if the logits before them serve once more and are no numbers
   */
  public void probesDone() {
    choice.advance();
    if (choice.probeCount() > 0) {
      return;
    }
    int before = buffer.tokenCount();
    decide();
    run();
    if (need == Need.LOGITS && buffer.tokenCount() == before) {
      decideOn(kept);
    }
  }

  /** Probes make the model forget the logits before them, which may be needed once more. */
  private void keep(Logits logits) {
    if (choice.completesOne()) {
      if (keptValues == NONE) {
        keptValues = rows.take(constraint.index().size());
        kept.at(FloatBuffer.wrap(keptValues), 0);
      }
      logits.copy(keptValues);
    }
  }

  /**
   * Takes the logits after the last pending token.
   *
   * @throws ArithmeticException if those that decide are no numbers
   */
  public void choose(Logits logits) {
    if (need != Need.LOGITS) {
      throw new IllegalStateException("the decoder waits for " + need);
    }
    choices++;
    decideOn(logits);
  }

  /**
   * Where one alternative begins another, taking it may write no token. The model has then nothing
   * new to read, and the same logits serve the next decision too.
   */
  private void decideOn(Logits logits) {
    int before = buffer.tokenCount();
    do {
      step(logits);
    } while (need == Need.LOGITS && buffer.tokenCount() == before);
  }

  private void step(Logits logits) {
    if (!(position.state() instanceof State.Choice)) {
      values.choose(logits);
    } else if (choice.following()) {
      int written = choice.reachedTokens();
      int[] tokens = choice.follow(logits);
      if (choice.followed() < 0) {
        buffer.tokens(tokens, 0, tokens.length);
        return;
      }
      take(choice.followed(), written);
    } else {
      choice.first(logits);
      if (choice.probeCount() > 0) {
        keep(logits);
        need = Need.PROBES;
        return;
      }
      decide();
    }
    run();
  }

  /** Tokens of the answer so far, forced ones included. */
  public int tokens() {
    return buffer.tokenCount();
  }

  /** Tokens of the answer so far that needed no logits. */
  public int forcedTokens() {
    return buffer.tokenCount() - choices;
  }

  /** The confidences of the closed fields decided so far, in the order of decision. */
  public List<FieldConfidence> confidences() {
    return choice.confidences();
  }

  /** Probability of the least sure label so far; 1 where no closed field was decided. */
  public double leastProbability() {
    return choice.leastProbability();
  }

  /** The answer so far, as JSON in UTF-8. */
  public byte[] answer() {
    return buffer.toBytes();
  }

  /** Writes what needs no choice, up to the next choice or the end. */
  private void run() {
    while (true) {
      State current = position.state();
      if (current instanceof State.End) {
        need = Need.NOTHING;
        return;
      }
      if (current instanceof State.Literal literal) {
        writeLiteral(literal);
        continue;
      }
      boolean passed = current instanceof State.Choice one ? enterChoice(one) : values.run();
      if (!passed) {
        need = Need.LOGITS;
        return;
      }
    }
  }

  private void writeLiteral(State.Literal literal) {
    buffer.bytes(literal.bytes(), position.offset(), literal.bytes().length);
    int[] tokens = constraint.literal(position.number(), position.offset());
    buffer.tokens(tokens, 0, tokens.length);
    position.go(literal.next());
  }

  /** Whether the choice was none. */
  private boolean enterChoice(State.Choice entered) {
    choice.start(entered, position.number(), position.offset(), position.token());
    if (choice.none()) {
      take(0, 0);
      return true;
    }
    int[] common = choice.common();
    buffer.tokens(common, 0, common.length);
    return false;
  }

  private void decide() {
    take(choice.decide(), choice.common().length);
  }

  private void take(int taken, int tokensWritten) {
    State.Alternative alternative = choice.alternative(taken);
    int[] tokens = choice.tokens(taken);
    buffer.tokens(tokens, Math.min(tokensWritten, tokens.length), tokens.length);
    buffer.bytes(alternative.bytes(), position.offset(), alternative.bytes().length);
    loops.count(alternative);
    position.go(alternative.next());
  }
}
