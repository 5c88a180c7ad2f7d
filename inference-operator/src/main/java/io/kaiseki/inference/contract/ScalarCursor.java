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

  /** The likeliest token that goes on with the value and is likelier than a floor, or -1. */
  int best(Logits logits, float floor) {
    int best = -1;
    float greatest = floor;
    for (int token : index.scalars()) {
      float logit = logits.get(token);
      if (logit > greatest && accepts(index.bytes(token))) {
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
