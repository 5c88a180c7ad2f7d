package io.kaiseki.inference.contract;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Rows of logits for decoders that need to keep some for a while. A row has as many values as the
 * vocabulary, so they are lent: there are never more than decoders that write at the same time,
 * however many wait for their next answer. Belongs to one thread and one vocabulary, as do they.
 */
public final class KeptRows {

  private final Deque<float[]> idle = new ArrayDeque<>();

  /** Lends a row, whatever it holds. */
  float[] take(int size) {
    float[] row = idle.poll();
    return row == null ? new float[size] : row;
  }

  void giveBack(float[] row) {
    idle.push(row);
  }

  /** Rows that nobody has. */
  int idle() {
    return idle.size();
  }
}
