package io.kaiseki.inference.contract;

/**
 * The tokens that a value likely goes on with: speculative decoding, with the document or earlier
 * answers in place of a smaller model. Not thread-safe; reused from draft to draft.
 */
final class Draft {

  /** What knows how a value likely goes on. */
  interface Guess {

    /**
     * Writes how the value likely goes on.
     *
     * @param into takes the tokens
     * @param most tokens
     * @param least how sure of a token it has to be, where it knows
     * @return how many there are
     */
    int draft(int[] into, int most, float least);
  }

  private final DraftLengths lengths;
  private final int[] tokens = new int[DraftLengths.MOST];
  private int guessed;
  private int size;
  private int state;

  Draft(DraftLengths lengths) {
    this.lengths = lengths;
  }

  /** Drafts nothing. */
  void clear() {
    guessed = 0;
    size = 0;
  }

  /**
   * Drafts how a value goes on.
   *
   * @param state the state of the grammar that it is in
   * @param most tokens
   * @param least how sure it has to be of a token
   */
  void begin(Guess guess, int state, int most, float least) {
    this.state = state;
    guessed = guess.draft(tokens, Math.min(most, lengths.next(state)), least);
    size = guessed;
  }

  int size() {
    return size;
  }

  /** Forgets what is beyond so many tokens. */
  void shorten(int most) {
    size = Math.min(size, most);
  }

  int token(int at) {
    return tokens[at];
  }

  /** Whether a token is the one drafted there. */
  boolean says(int at, int token) {
    return at < size && tokens[at] == token;
  }

  /**
   * Ends the draft, of which so many tokens were right. Of what it was shortened by nothing is
   * known: if the rest was right, it counts as right too.
   */
  void end(int right) {
    if (size > 0) {
      lengths.learn(state, guessed, right < size ? right : guessed);
    } else if (guessed > 0) {
      lengths.skip(state);
    }
    clear();
  }
}
