package io.kaiseki.inference.contract;

/**
 * Writes a free string: any well-formed text within its length, until the model closes it or the
 * length is used up.
 */
final class TextCursor implements Draft.Guess {

  private final VocabularyIndex index;
  private final EarlierTexts.Path path;
  private int minLength;
  private int maxLength;
  private int chars;
  private int tokens;
  private int utf8;

  TextCursor(VocabularyIndex index, EarlierTexts earlier) {
    this.index = index;
    path = earlier.path();
  }

  /**
   * Begins a string.
   *
   * @param state the state of the grammar that it is in
   */
  void start(State.Text text, int state) {
    path.begin(state);
    minLength = text.minLength();
    maxLength = text.maxLength();
    chars = 0;
    tokens = 0;
    utf8 = Utf8.BOUNDARY;
  }

  /** Whether nothing but the end can follow. */
  boolean full() {
    return utf8 == Utf8.BOUNDARY && (chars >= maxLength || spent());
  }

  /** Whether the tokens are used up, so that only a begun character may still be completed. */
  private boolean spent() {
    return tokens >= maxLength && chars >= minLength;
  }

  /**
   * The likeliest token that may follow. There always is one, since the vocabulary has all bytes.
   *
   * @param closings tokens that end the string
   * @param closingOpen which of them can be followed by the rest of the answer
   */
  int best(Logits logits, VocabularyIndex.Closing[] closings, boolean[] closingOpen) {
    int best = -1;
    float greatest = Float.NEGATIVE_INFINITY;
    if (utf8 == Utf8.BOUNDARY) {
      int room = maxLength - chars;
      for (int token = 0, size = index.size(); token < size; token++) {
        int length = index.textChars(token);
        if (length > 0 && length <= room) {
          float logit = logits.get(token);
          if (best < 0 || logit > greatest) {
            greatest = logit;
            best = token;
          }
        }
      }
      for (int i = 0; i < closings.length; i++) {
        VocabularyIndex.Closing closing = closings[i];
        int length = chars + closing.textChars();
        if (closingOpen[i] && length >= minLength && length <= maxLength) {
          float logit = logits.get(closing.token());
          if (best < 0 || logit > greatest) {
            greatest = logit;
            best = closing.token();
          }
        }
      }
    }
    for (int token : index.broken()) {
      float logit = logits.get(token);
      if ((best < 0 || logit > greatest) && accepts(token)) {
        greatest = logit;
        best = token;
      }
    }
    return best;
  }

  private boolean accepts(int token) {
    byte[] piece = index.bytes(token);
    int state = utf8;
    int length = chars;
    for (byte b : piece) {
      if (state == Utf8.BOUNDARY) {
        length++;
      }
      state = Utf8.step(state, b);
      if (state == Utf8.REJECT) {
        return false;
      }
    }
    return length <= (spent() ? chars : maxLength);
  }

  /** Writes a token's first bytes. */
  void append(int token, int end) {
    byte[] piece = index.bytes(token);
    for (int i = 0; i < end; i++) {
      if (utf8 == Utf8.BOUNDARY) {
        chars++;
      }
      utf8 = Utf8.step(utf8, piece[i]);
    }
    tokens++;
    if (end == piece.length) {
      path.add(token);
    } else {
      path.end();
    }
  }

  /** How the string likely goes on: as earlier ones of its field did. */
  @Override
  public int draft(int[] into, int most, float least) {
    return path.draft(into, most, least);
  }
}
