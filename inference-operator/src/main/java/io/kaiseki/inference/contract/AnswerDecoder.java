package io.kaiseki.inference.contract;

import io.kaiseki.inference.FieldConfidence;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes one answer under a constraint. It says which tokens come without a choice, asks for logits
 * where there is one, and can't leave the contract.
 *
 * <p>Protocol: {@link #start} once per answer; then, until {@link #need()} is {@link Need#NOTHING},
 * let the model read the {@linkplain #pendingToken pending tokens}, {@linkplain #clearPending clear
 * them}, and hand over the logits after the last one ({@link #choose}) or those after each probe
 * ({@link #probed}). A probe is a token sequence that the model reads after the answer so far, and
 * then forgets.
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

  private final AnswerBuffer buffer = new AnswerBuffer();
  private final ChoiceDecision decision = new ChoiceDecision();
  private final List<FieldConfidence> confidences = new ArrayList<>();
  private final Constraint constraint;
  private final Grammar grammar;
  private final VocabularyIndex index;
  private final TextCursor text;
  private final QuoteCursor quote;
  private final ScalarCursor scalar;
  private final int[] counters;

  private QuoteSource source;
  private Need need = Need.NOTHING;
  private int state;
  private int offset;
  private byte[] written = {};
  private boolean entered;
  private int choices;
  private boolean[] closingOpen = {};
  private List<byte[]> quoteHeads = List.of();
  private float[] keptValues = {};
  private final Logits kept = new Logits(FloatBuffer.wrap(keptValues));

  /** A decoder for answers of one contract. */
  public AnswerDecoder(Constraint constraint) {
    this.constraint = constraint;
    grammar = constraint.grammar();
    index = constraint.index();
    text = new TextCursor(index);
    quote = new QuoteCursor(index);
    scalar = new ScalarCursor(index);
    counters = new int[grammar.loops().size()];
    source = new QuoteSource("");
  }

  /** Begins an answer; tokens may be pending at once. */
  public void start(QuoteSource document) {
    source = document;
    buffer.reset();
    confidences.clear();
    choices = 0;
    go(grammar.start());
    run();
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

  /** Number of probes that are asked for. */
  public int probeCount() {
    return decision.probeCount();
  }

  /** Tokens of a probe, to be read after the answer so far. */
  public int[] probe(int at) {
    return decision.probe(at);
  }

  /** Takes the logits after a probe's last token. */
  public void probed(int at, Logits logits) {
    decision.probed(at, logits);
  }

  /** Says that all probes have been answered. */
  public void probesDone() {
    decision.advance();
    if (decision.probeCount() > 0) {
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
    if (decision.table().completesOne()) {
      if (keptValues.length == 0) {
        keptValues = new float[index.size()];
        kept.at(FloatBuffer.wrap(keptValues), 0);
      }
      logits.copy(keptValues);
    }
  }

  /** Takes the logits after the last pending token. */
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
    State current = grammar.state(state);
    if (current instanceof State.Choice) {
      decision.first(logits);
      if (decision.probeCount() > 0) {
        keep(logits);
        need = Need.PROBES;
        return;
      }
      decide();
    } else if (current instanceof State.Text free) {
      chooseText(free, logits);
    } else if (current instanceof State.Quote verbatim) {
      chooseQuote(verbatim, logits);
    } else {
      chooseScalar((State.Scalar) current, logits);
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
    return List.copyOf(confidences);
  }

  /** Probability of the least sure label so far; 1 where no closed field was decided. */
  public double leastProbability() {
    double least = 1;
    for (int i = 0; i < confidences.size(); i++) {
      least = Math.min(least, confidences.get(i).probability());
    }
    return least;
  }

  /** The answer so far, as JSON in UTF-8. */
  public byte[] answer() {
    return buffer.toBytes();
  }

  /** Writes what needs no choice, up to the next choice or the end. */
  private void run() {
    while (true) {
      State current = grammar.state(state);
      if (current instanceof State.End) {
        need = Need.NOTHING;
        return;
      }
      if (current instanceof State.Literal literal) {
        buffer.bytes(literal.bytes(), offset, literal.bytes().length);
        int[] tokens = constraint.literal(state, offset);
        buffer.tokens(tokens, 0, tokens.length);
        go(literal.next());
      } else if (current instanceof State.Choice choice) {
        if (!enterChoice(choice)) {
          need = Need.LOGITS;
          return;
        }
      } else if (!runFree(current)) {
        need = Need.LOGITS;
        return;
      }
    }
  }

  private void go(int next) {
    go(next, 0, written);
  }

  /**
   * @param from bytes of the next state that are written already
   * @param token the bytes that hold them, at their end
   */
  private void go(int next, int from, byte[] token) {
    state = next;
    offset = from;
    written = token;
    entered = false;
  }

  /** Whether the choice was none. */
  private boolean enterChoice(State.Choice choice) {
    // Only what follows an item depends on counters, and only that can be begun by a token before.
    ChoiceTable table =
        choice.followsItem()
            ? constraint.openChoice(state, offset, openSet(choice))
            : constraint.choice(state);
    if (table.size() == 1) {
      take(choice, table, 0, 0);
      return true;
    }
    decision.start(table);
    int[] common = table.root().edge();
    buffer.tokens(common, 0, common.length);
    return false;
  }

  /** The alternatives that are open, as bits. */
  private int openSet(State.Choice choice) {
    int open = 0;
    for (int i = 0; i < choice.alternatives().size(); i++) {
      State.Alternative alternative = choice.alternatives().get(i);
      if (open(alternative) && continues(alternative.bytes())) {
        open |= 1 << i;
      }
    }
    return open;
  }

  private boolean open(State.Alternative alternative) {
    return switch (alternative.step()) {
      case NONE, FIRST -> true;
      case MORE ->
          counters[alternative.loop()] < grammar.loops().get(alternative.loop()).maxItems();
      case END ->
          counters[alternative.loop()] >= grammar.loops().get(alternative.loop()).minItems();
    };
  }

  /** Whether a state's bytes begin with those that are written already. */
  private boolean continues(byte[] bytes) {
    return offset == 0
        || (offset <= bytes.length && Constraint.begins(bytes, written, written.length - offset));
  }

  private void decide() {
    State.Choice choice = (State.Choice) grammar.state(state);
    ChoiceTable table = decision.table();
    int best = decision.best();
    if (choice.field() != null) {
      Map<String, Double> distribution = new LinkedHashMap<>();
      for (int i = 0; i < table.size(); i++) {
        distribution.put(
            choice.alternatives().get(table.choice(i)).label(), decision.probability(i));
      }
      confidences.add(
          new FieldConfidence(
              path(choice),
              choice.alternatives().get(table.choice(best)).label(),
              decision.probability(best),
              distribution));
    }
    take(choice, table, best, table.root().edge().length);
  }

  /** The field's path with the positions of the items that it stands in. */
  private String path(State.Choice choice) {
    String field = String.valueOf(choice.field());
    if (choice.loops().length == 0) {
      return field;
    }
    StringBuilder path = new StringBuilder(field.length() + 8);
    int from = 0;
    for (int loop : choice.loops()) {
      int bracket = field.indexOf("[]", from) + 1;
      path.append(field, from, bracket).append(counters[loop] - 1);
      from = bracket;
    }
    return path.append(field, from, field.length()).toString();
  }

  private void take(State.Choice choice, ChoiceTable table, int taken, int tokensWritten) {
    State.Alternative alternative = choice.alternatives().get(table.choice(taken));
    int[] tokens = table.emission(taken);
    buffer.tokens(tokens, Math.min(tokensWritten, tokens.length), tokens.length);
    buffer.bytes(alternative.bytes(), offset, alternative.bytes().length);
    count(alternative);
    go(alternative.next());
  }

  private void count(State.Alternative alternative) {
    if (alternative.step() == State.LoopStep.FIRST) {
      counters[alternative.loop()] = 1;
    } else if (alternative.step() == State.LoopStep.MORE) {
      counters[alternative.loop()]++;
    }
  }

  /** Whether the value ended without a choice. */
  private boolean runFree(State current) {
    if (current instanceof State.Text free) {
      if (!entered) {
        text.start(free);
        openClosings(free.next());
        entered = true;
      }
      if (text.full()) {
        go(free.next());
        return true;
      }
      return false;
    }
    if (current instanceof State.Quote verbatim) {
      if (!entered) {
        quote.start(verbatim, source);
        quoteHeads = openHeads(verbatim.next());
        entered = true;
      }
      if (quote.full()) {
        go(verbatim.next());
        return true;
      }
      return false;
    }
    return runScalar((State.Scalar) current);
  }

  private boolean runScalar(State.Scalar current) {
    if (!entered) {
      scalar.start(current.format());
      if (current.firstOf() >= 0) {
        counters[current.firstOf()] = 1;
      }
      entered = true;
    }
    while (!scalar.canEnd() && !(scalar.empty() && current.instead() != null)) {
      int only = scalar.onlyNext();
      if (only <= 0) {
        return false;
      }
      write(index.byteToken((byte) only));
    }
    if (scalar.canEnd() && scalar.onlyNext() == 0) {
      go(current.next());
      return true;
    }
    return false;
  }

  private void write(int token) {
    byte[] piece = index.bytes(token);
    scalar.append(piece);
    buffer.bytes(piece, 0, piece.length);
    buffer.token(token);
  }

  private void openClosings(int next) {
    VocabularyIndex.Closing[] closings = constraint.closings(state);
    if (closingOpen.length < closings.length) {
      closingOpen = new boolean[closings.length];
    }
    for (int i = 0; i < closings.length; i++) {
      closingOpen[i] = leadsOn(next, index.bytes(closings[i].token()), closings[i].textBytes());
    }
  }

  /** Whether a state can begin with a token's bytes from an offset on, as the loops stand. */
  private boolean leadsOn(int next, byte[] token, int from) {
    State follower = grammar.state(next);
    if (follower instanceof State.Literal literal) {
      return Constraint.begins(literal.bytes(), token, from);
    }
    for (State.Alternative alternative : ((State.Choice) follower).alternatives()) {
      if (open(alternative) && Constraint.begins(alternative.bytes(), token, from)) {
        return true;
      }
    }
    return false;
  }

  private void chooseText(State.Text free, Logits logits) {
    VocabularyIndex.Closing[] closings = constraint.closings(state);
    int token = text.best(logits, closings, closingOpen);
    int end = index.bytes(token).length;
    for (int i = 0; i < closings.length; i++) {
      if (closings[i].token() == token) {
        end = closings[i].textBytes();
      }
    }
    text.append(token, end);
    emit(token, end, free.next());
  }

  private void chooseQuote(State.Quote verbatim, Logits logits) {
    int token = quote.best(logits, quoteHeads);
    int end = quote.bestTextBytes();
    quote.append(token, end);
    emit(token, end, verbatim.next());
  }

  private List<byte[]> openHeads(int next) {
    State follower = grammar.state(next);
    if (follower instanceof State.Choice choice) {
      List<byte[]> heads = new ArrayList<>();
      for (State.Alternative alternative : choice.alternatives()) {
        if (open(alternative)) {
          heads.add(alternative.bytes());
        }
      }
      return heads;
    }
    return constraint.heads(next);
  }

  /** Writes a token whose bytes belong to the value up to an end, and to what follows after it. */
  private void emit(int token, int end, int next) {
    byte[] piece = index.bytes(token);
    buffer.token(token);
    buffer.bytes(piece, 0, end);
    if (end < piece.length) {
      buffer.bytes(piece, end, piece.length);
      go(next, piece.length - end, piece);
    }
  }

  private void chooseScalar(State.Scalar current, Logits logits) {
    State.Alternative instead = scalar.empty() ? current.instead() : null;
    int rival = instead == null ? likeliestEnd(current, logits) : constraint.instead(state)[0];
    int token = scalar.best(logits, rival);
    if (token >= 0) {
      write(token);
    } else if (instead == null) {
      emit(rival, 0, current.next());
    } else {
      int[] tokens = constraint.instead(state);
      buffer.tokens(tokens, 0, tokens.length);
      buffer.bytes(instead.bytes(), 0, instead.bytes().length);
      go(instead.next());
    }
  }

  /** The likeliest token that ends a scalar and begins what follows, or -1 if it can't end yet. */
  private int likeliestEnd(State.Scalar current, Logits logits) {
    int likeliest = -1;
    float greatest = Float.NEGATIVE_INFINITY;
    if (scalar.canEnd()) {
      for (int token : constraint.scalarClosings(state)) {
        float logit = logits.get(token);
        if ((likeliest < 0 || logit > greatest) && leadsOn(current.next(), index.bytes(token), 0)) {
          greatest = logit;
          likeliest = token;
        }
      }
    }
    return likeliest;
  }
}
