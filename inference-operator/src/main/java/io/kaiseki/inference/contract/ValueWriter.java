package io.kaiseki.inference.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values that are no labels, token by token: text, quotes, and scalars such as numbers
 * and dates. Not thread-safe; reused from value to value.
 */
final class ValueWriter {

  private final Constraint constraint;
  private final VocabularyIndex index;
  private final AnswerPosition position;
  private final AnswerBuffer buffer;
  private final LoopCounters loops;
  private final Followers followers;
  private final TextCursor text;
  private final QuoteCursor quote;
  private final ScalarCursor scalar;
  private QuoteSource source = QuoteSource.EMPTY;
  private List<byte[]> quoteHeads = List.of();

  /**
   * A writer for the answers of one decoder.
   *
   * @param position of the answer; moved on where a value ends
   * @param buffer takes what is written
   * @param loops the arrays around a value
   */
  ValueWriter(
      Constraint constraint,
      DraftMemory memory,
      AnswerPosition position,
      AnswerBuffer buffer,
      LoopCounters loops) {
    this.constraint = constraint;
    this.position = position;
    this.buffer = buffer;
    this.loops = loops;
    index = constraint.index();
    followers = new Followers(constraint, loops);
    text = new TextCursor(index, memory.texts());
    quote = new QuoteCursor(index);
    scalar = new ScalarCursor(index);
  }

  /** The document that quotes are taken from. */
  void quoteFrom(QuoteSource document) {
    source = document;
  }

  /** Lets go of the document. */
  void forget() {
    source = QuoteSource.EMPTY;
    quote.forget();
  }

  /**
   * Begins the value at the position, unless it has begun, and writes what needs no choice.
   *
   * @return whether it has ended so
   */
  boolean run() {
    State state = position.state();
    if (state instanceof State.Text free) {
      return runText(free);
    }
    if (state instanceof State.Quote verbatim) {
      return runQuote(verbatim);
    }
    return runScalar((State.Scalar) state);
  }

  /** Writes one token of the value at the position, or ends it. */
  void choose(Logits logits) {
    State state = position.state();
    if (state instanceof State.Text free) {
      chooseText(free, logits);
    } else if (state instanceof State.Quote verbatim) {
      chooseQuote(verbatim, logits);
    } else {
      chooseScalar((State.Scalar) state, logits);
    }
  }

  /** What knows how the value at the position goes on; null where nothing does. */
  Draft.@Nullable Guess guess() {
    if (!position.entered()) {
      return null;
    }
    State state = position.state();
    return state instanceof State.Quote ? quote : state instanceof State.Text ? text : null;
  }

  private boolean runText(State.Text free) {
    if (!position.entered()) {
      text.start(free, position.number());
      followers.openClosings(position.number(), free.next());
      position.enter();
    }
    if (text.full()) {
      position.go(free.next());
      return true;
    }
    return false;
  }

  private boolean runQuote(State.Quote verbatim) {
    if (!position.entered()) {
      quote.start(verbatim, source);
      quoteHeads = followers.openHeads(verbatim.next());
      position.enter();
    }
    if (quote.full()) {
      position.go(verbatim.next());
      return true;
    }
    return false;
  }

  private boolean runScalar(State.Scalar current) {
    if (!position.entered()) {
      scalar.start(current.format());
      if (current.firstOf() >= 0) {
        loops.first(current.firstOf());
      }
      position.enter();
    }
    while (!scalar.canEnd() && !(scalar.empty() && current.instead() != null)) {
      int only = scalar.onlyNext();
      if (only <= 0) {
        return false;
      }
      appendToScalar(index.byteToken((byte) only));
    }
    if (scalar.canEnd() && scalar.onlyNext() == 0) {
      position.go(current.next());
      return true;
    }
    return false;
  }

  private void appendToScalar(int token) {
    byte[] piece = index.bytes(token);
    scalar.append(piece);
    buffer.bytes(piece, 0, piece.length);
    buffer.token(token);
  }

  private void chooseText(State.Text free, Logits logits) {
    VocabularyIndex.Closing[] closings = constraint.closings(position.number());
    int token = text.best(logits, closings, followers.closingOpen());
    logits.requireNumber(token);
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
    logits.requireNumber(token);
    int end = quote.bestTextBytes();
    quote.append(token, end);
    emit(token, end, verbatim.next());
  }

  private void chooseScalar(State.Scalar current, Logits logits) {
    State.Alternative instead = scalar.empty() ? current.instead() : null;
    if (instead != null) {
      chooseScalarOr(instead, logits);
      return;
    }
    int end = likeliestEnd(current, logits);
    int token = scalar.best(logits, end);
    logits.requireNumber(token >= 0 ? token : end);
    if (token >= 0) {
      appendToScalar(token);
    } else {
      emit(end, 0, current.next());
    }
  }

  /** Begins a scalar, or writes what may stand in its place. */
  private void chooseScalarOr(State.Alternative instead, Logits logits) {
    int[] tokens = constraint.instead(position.number());
    int token = scalar.best(logits, tokens[0]);
    logits.requireNumber(token >= 0 ? token : tokens[0]);
    if (token >= 0) {
      appendToScalar(token);
      return;
    }
    buffer.tokens(tokens, 0, tokens.length);
    buffer.bytes(instead.bytes(), 0, instead.bytes().length);
    position.go(instead.next());
  }

  /** Writes a token whose bytes belong to the value up to an end, and to what follows after it. */
  private void emit(int token, int end, int next) {
    byte[] piece = index.bytes(token);
    buffer.token(token);
    buffer.bytes(piece, 0, end);
    if (end < piece.length) {
      buffer.bytes(piece, end, piece.length);
      position.go(next, piece.length - end, piece);
    }
  }

  /** The likeliest token that ends a scalar and begins what follows, or -1 if it can't end yet. */
  private int likeliestEnd(State.Scalar current, Logits logits) {
    int likeliest = -1;
    float greatest = Float.NEGATIVE_INFINITY;
    if (scalar.canEnd()) {
      for (int token : constraint.scalarClosings(position.number())) {
        float logit = logits.get(token);
        if ((likeliest < 0 || logit > greatest)
            && followers.leadsOn(current.next(), index.bytes(token), 0)) {
          greatest = logit;
          likeliest = token;
        }
      }
    }
    return likeliest;
  }
}
