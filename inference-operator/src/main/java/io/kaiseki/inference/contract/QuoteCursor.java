package io.kaiseki.inference.contract;

import java.util.List;

/**
 * Writes a quote. It knows every place of the document where the words written so far stand, and
 * only what goes on at one of them may follow. It ends where a word ends at one of them and it has
 * its least length, or where it has to: at its greatest length.
 */
final class QuoteCursor implements Draft.Guess {

  private final VocabularyIndex index;
  private QuoteSource source = QuoteSource.EMPTY;
  private int minLength;
  private int maxLength;
  private int[] places = new int[256];
  private int placeCount;
  private int chars;
  private int tokens;

  // After so many bytes of a place: the range of tokens that begin with them, and the characters.
  private final int[] lows;
  private final int[] highs;
  private final int[] lengths;

  private float greatest;
  private int best;
  private int bestTextBytes;

  QuoteCursor(VocabularyIndex index) {
    this.index = index;
    lows = new int[index.longest() + 1];
    highs = new int[lows.length];
    lengths = new int[lows.length];
    highs[0] = index.sortedSize();
  }

  void start(State.Quote quote, QuoteSource quoteSource) {
    source = quoteSource;
    minLength = Math.min(quote.minLength(), source.longest());
    maxLength = quote.maxLength();
    if (places.length < source.startCount()) {
      places = new int[source.startCount()];
    }
    placeCount = 0;
    for (int i = 0; i < source.startCount(); i++) {
      if (source.room(i) >= minLength) {
        places[placeCount++] = source.start(i);
      }
    }
    chars = 0;
    tokens = 0;
    lengths[0] = 0;
  }

  /** Lets go of the document. */
  void forget() {
    source = QuoteSource.EMPTY;
    placeCount = 0;
  }

  /** Whether nothing but the end can follow. */
  boolean full() {
    if (placeCount == 0) {
      return true;
    }
    if (!source.boundary(places[0])) {
      return false;
    }
    if (chars >= maxLength || spent()) {
      return true;
    }
    for (int i = 0; i < placeCount; i++) {
      if (places[i] < source.length()) {
        return false;
      }
    }
    return true;
  }

  /** Whether the tokens are used up, so that only a begun character may still be completed. */
  private boolean spent() {
    return tokens >= maxLength && chars >= minLength;
  }

  /**
   * Finds the likeliest token that may follow. There always is one, since the vocabulary has all
   * bytes.
   *
   * @param heads what can come after the closing quotation mark, this included
   */
  int best(Logits logits, List<byte[]> heads) {
    greatest = Float.NEGATIVE_INFINITY;
    best = -1;
    int last = -1;
    int decisive = 0;
    for (int i = 0; i < placeCount; i++) {
      int shared = last < 0 ? 0 : shared(last, places[i], decisive);
      // A place that goes on like the last one, as far as any token reaches, adds nothing.
      if (last < 0 || shared < decisive) {
        decisive = walk(places[i], shared, logits, heads);
        last = places[i];
      }
    }
    return best;
  }

  /** How many bytes two places have in common, at most so many. */
  private int shared(int one, int other, int most) {
    int end = Math.min(most, source.length() - Math.max(one, other));
    int count = 0;
    while (count < end && source.at(one + count) == source.at(other + count)) {
      count++;
    }
    return count;
  }

  /**
   * Weighs all tokens that can be written at a place.
   *
   * @param from bytes that the place shares with the one walked before, whose ranges still hold
   * @return how many bytes of the place have decided which tokens these are
   */
  private int walk(int place, int from, Logits logits, List<byte[]> heads) {
    int limit = spent() ? chars : maxLength;
    int depth = from;
    // Whether a word ends is for the whole next character to say, and places may part within it.
    while (depth > 0 && !source.boundary(place + depth)) {
      depth--;
    }
    for (int decisive = 0; ; depth++) {
      int at = place + depth;
      int length = lengths[depth];
      decisive = Math.max(decisive, depth + 1);
      if (source.boundary(at)) {
        if (length >= limit || length >= minLength && source.end(at)) {
          close(lows[depth], highs[depth], depth, logits, heads);
        }
        if (length >= limit) {
          return depth;
        }
        decisive = Math.max(decisive, depth + source.characterBytes(at));
        length++;
      }
      if (at >= source.length() || source.at(at) == QuoteSource.UNQUOTABLE) {
        return decisive;
      }
      int wanted = source.at(at) & 0xFF;
      int low = index.lowerBound(lows[depth], highs[depth], depth, wanted);
      int high = index.lowerBound(low, highs[depth], depth, wanted + 1);
      if (low >= high) {
        return decisive;
      }
      consider(low, high, depth + 1, depth + 1, logits);
      lows[depth + 1] = low;
      highs[depth + 1] = high;
      lengths[depth + 1] = length;
    }
  }

  /** Follows what comes after the closing quotation mark. */
  private void close(int low, int high, int depth, Logits logits, List<byte[]> heads) {
    for (int h = 0; h < heads.size(); h++) {
      byte[] head = heads.get(h);
      int from = low;
      int to = high;
      for (int i = 0; i < head.length; i++) {
        int wanted = head[i] & 0xFF;
        from = index.lowerBound(from, to, depth + i, wanted);
        to = index.lowerBound(from, to, depth + i, wanted + 1);
        if (from >= to) {
          break;
        }
        consider(from, to, depth + i + 1, depth, logits);
      }
    }
  }

  /** Weighs the tokens of a range that end at a depth; they stand at its front. */
  private void consider(int low, int high, int depth, int textBytes, Logits logits) {
    for (int place = low; place < high; place++) {
      int token = index.sortedToken(place);
      if (index.bytes(token).length != depth) {
        return;
      }
      float logit = logits.get(token);
      if (best < 0 || logit > greatest) {
        greatest = logit;
        best = token;
        bestTextBytes = textBytes;
      }
    }
  }

  /** How many bytes of the token found last belong to the quote. */
  int bestTextBytes() {
    return bestTextBytes;
  }

  /** Writes a token's first bytes and keeps the places where they stand. */
  void append(int token, int end) {
    byte[] piece = index.bytes(token);
    int kept = 0;
    int length = chars;
    for (int i = 0; i < placeCount; i++) {
      int place = places[i];
      if (place + end <= source.length() && matches(place, piece, end)) {
        if (kept == 0) {
          for (int b = 0; b < end; b++) {
            length += source.boundary(place + b) ? 1 : 0;
          }
        }
        places[kept++] = place + end;
      }
    }
    placeCount = kept;
    chars = length;
    lengths[0] = length;
    tokens++;
  }

  /**
   * How the quote likely goes on where only one place is left: in the document's own tokens, up to
   * the end of a sentence or line.
   */
  @Override
  public int draft(int[] into, int most, float least) {
    int count = 0;
    if (placeCount == 1) {
      int place = places[0];
      for (int token; count < most && (token = source.tokenAt(place)) >= 0; ) {
        into[count++] = token;
        place += index.bytes(token).length;
        if (source.sentenceEnds(place)) {
          break;
        }
      }
    }
    return count;
  }

  private boolean matches(int place, byte[] piece, int end) {
    for (int i = 0; i < end; i++) {
      if (source.at(place + i) != piece[i]) {
        return false;
      }
    }
    return true;
  }
}
