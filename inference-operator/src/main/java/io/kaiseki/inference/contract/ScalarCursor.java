package io.kaiseki.inference.contract;

/** Writes a number, a date or a timestamp. */
final class ScalarCursor {

  private final VocabularyIndex index;
  private final StringBuilder written = new StringBuilder();
  private final StringBuilder trial = new StringBuilder();
  private ScalarFormat format;

  ScalarCursor(VocabularyIndex index) {
    this.index = index;
  }

  void start(ScalarFormat scalarFormat) {
    format = scalarFormat;
    written.setLength(0);
  }

  boolean empty() {
    return written.length() == 0;
  }

  boolean canEnd() {
    return format.canEnd(written);
  }

  /** The only character that can follow; 0 if there is none, -1 if there are several. */
  int onlyNext() {
    int only = 0;
    for (int i = 0; i < ScalarFormat.ALPHABET.length(); i++) {
      char next = ScalarFormat.ALPHABET.charAt(i);
      if (format.canExtend(written, next)) {
        if (only != 0) {
          return -1;
        }
        only = next;
      }
    }
    return only;
  }

  /**
   * The likeliest token that goes on with the value.
   *
   * @param rival a token that must be outdone, or -1 if there is none
   * @return the token, or -1 if none outdoes the rival
   */
  int best(Logits logits, int rival) {
    int best = -1;
    float greatest = rival < 0 ? Float.NEGATIVE_INFINITY : logits.get(rival);
    for (int token : index.scalars()) {
      float logit = logits.get(token);
      boolean better = logit > greatest || (rival < 0 && best < 0);
      if (better && accepts(index.bytes(token))) {
        greatest = logit;
        best = token;
      }
    }
    return best;
  }

  private boolean accepts(byte[] piece) {
    trial.setLength(0);
    trial.append(written);
    for (byte b : piece) {
      if (!format.canExtend(trial, (char) b)) {
        return false;
      }
      trial.append((char) b);
    }
    return true;
  }

  void append(byte[] piece) {
    for (byte b : piece) {
      written.append((char) b);
    }
  }
}
