package io.kaiseki.inference.contract;

/**
 * The tokens that a quote likely goes on with: speculative decoding, with the document in place of
 * a smaller model. Not thread-safe; reused from draft to draft.
 */
final class QuoteDraft {

  private final DraftLengths lengths;
  private final int[] tokens = new int[DraftLengths.MOST];
  private int size;
  private int state;

  QuoteDraft(DraftLengths lengths) {
    this.lengths = lengths;
  }

  /** Drafts nothing. */
  void clear() {
    size = 0;
  }

  /**
   * Drafts how a quote goes on.
   *
   * @param state the state of the grammar that it is in
   * @param most tokens
   */
  void begin(QuoteCursor quote, int state, int most) {
    this.state = state;
    size = quote.draft(tokens, Math.min(most, lengths.next(state)));
  }

  int size() {
    return size;
  }

  int token(int at) {
    return tokens[at];
  }

  /** Whether a token is the one drafted there. */
  boolean says(int at, int token) {
    return at < size && tokens[at] == token;
  }

  /** Ends the draft, of which so many tokens were right. */
  void end(int right) {
    if (size > 0) {
      lengths.learn(state, size, right);
      size = 0;
    }
  }
}
