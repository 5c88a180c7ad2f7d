package io.kaiseki.inference.contract;

import java.util.Arrays;

/** The tokens and bytes of an answer as it grows. Reused from answer to answer. */
final class AnswerBuffer {

  private int[] pending = new int[64];
  private int pendingCount;
  private byte[] text = new byte[512];
  private int length;
  private int tokens;

  void reset() {
    pendingCount = 0;
    length = 0;
    tokens = 0;
  }

  void token(int token) {
    if (pendingCount == pending.length) {
      pending = Arrays.copyOf(pending, pendingCount * 2);
    }
    pending[pendingCount++] = token;
    tokens++;
  }

  void tokens(int[] from, int start, int end) {
    for (int i = start; i < end; i++) {
      token(from[i]);
    }
  }

  void bytes(byte[] from, int start, int end) {
    int count = end - start;
    if (length + count > text.length) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, length + count));
    }
    System.arraycopy(from, start, text, length, count);
    length += count;
  }

  int pendingCount() {
    return pendingCount;
  }

  int pending(int index) {
    return pending[index];
  }

  void clearPending() {
    pendingCount = 0;
  }

  int tokenCount() {
    return tokens;
  }

  byte[] toBytes() {
    return Arrays.copyOf(text, length);
  }
}
