package io.kaiseki.inference.contract;

/** How far an answer has come in its grammar. Reused from answer to answer. */
final class AnswerPosition {

  private static final byte[] NOTHING = {};

  private final Grammar grammar;
  private int number;
  private State state;
  private int offset;
  private byte[] token = NOTHING;
  private boolean entered;

  AnswerPosition(Grammar grammar) {
    this.grammar = grammar;
    number = grammar.start();
    state = grammar.state(number);
  }

  /** Goes to the grammar's start. */
  void reset() {
    go(grammar.start());
  }

  /** Goes to the start of a state. */
  void go(int next) {
    go(next, 0, NOTHING);
  }

  /**
   * Goes into a state whose first bytes are written already.
   *
   * @param next the state
   * @param from how many bytes of it are written
   * @param last the token that holds them at its end
   */
  void go(int next, int from, byte[] last) {
    number = next;
    state = grammar.state(next);
    offset = from;
    token = last;
    entered = false;
  }

  State state() {
    return state;
  }

  /** The state's number in the grammar. */
  int number() {
    return number;
  }

  /** Bytes of the state that were written before it was reached. */
  int offset() {
    return offset;
  }

  /** The token whose end these bytes are. */
  byte[] token() {
    return token;
  }

  /** Whether the value of the state has been begun. */
  boolean entered() {
    return entered;
  }

  /** Says that the value of the state has been begun. */
  void enter() {
    entered = true;
  }
}
