package io.kaiseki.inference.contract;

import java.util.List;

/**
 * Writes a quote. It knows every place of the document where the words written so far stand, and
 * only what goes on at one of them may follow.
 */
final class QuoteCursor {

  private final VocabularyIndex index;
  private QuoteSource source;
  private int maxLength;
  private int[] places = new int[256];
  private int placeCount;
  private int chars;
  private int tokens;

  private float greatest;
  private int best;
  private int bestTextBytes;

  QuoteCursor(VocabularyIndex index) {
    this.index = index;
  }

  void start(State.Quote quote, QuoteSource quoteSource) {
    source = quoteSource;
    maxLength = quote.maxLength();
    int[] starts = source.starts();
    if (places.length < starts.length) {
      places = new int[starts.length];
    }
    System.arraycopy(starts, 0, places, 0, starts.length);
    placeCount = starts.length;
    chars = 0;
    tokens = 0;
  }

  /** Whether nothing but the end can follow. */
  boolean full() {
    if (placeCount == 0) {
      return true;
    }
    if (!source.boundary(places[0])) {
      return false;
    }
    if (chars >= maxLength || tokens >= maxLength) {
      return true;
    }
    for (int i = 0; i < placeCount; i++) {
      if (places[i] < source.length()) {
        return false;
      }
    }
    return true;
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
    boolean first = true;
    for (int i = 0; i < placeCount; i++) {
      walk(places[i], logits, heads, first);
      first = false;
    }
    return best;
  }

  private void walk(int place, Logits logits, List<byte[]> heads, boolean closeAtOnce) {
    int low = 0;
    int high = index.sortedSize();
    int length = chars;
    // Once the tokens are used up, only a begun character may still be completed.
    int limit = tokens >= maxLength ? chars : maxLength;
    for (int depth = 0; ; depth++) {
      int at = place + depth;
      if (source.boundary(at)) {
        if (depth > 0 ? length > 0 : closeAtOnce && chars > 0) {
          close(low, high, depth, logits, heads);
        }
        if (length >= limit) {
          return;
        }
        length++;
      }
      if (at >= source.length() || source.at(at) == QuoteSource.UNQUOTABLE) {
        return;
      }
      int wanted = source.at(at) & 0xFF;
      low = index.lowerBound(low, high, depth, wanted);
      high = index.lowerBound(low, high, depth, wanted + 1);
      if (low >= high) {
        return;
      }
      consider(low, high, depth + 1, depth + 1, logits);
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
    tokens++;
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
