package io.kaiseki.inference.contract;

import java.nio.FloatBuffer;

/**
 * One row of logits, read where the model left it. The view is moved from row to row, so that no
 * step copies or allocates.
 */
public final class Logits {

  private FloatBuffer values;
  private int offset;

  /** A view on a whole buffer. */
  public Logits(FloatBuffer values) {
    this.values = values;
  }

  /** Moves the view: token {@code t} is then at {@code offset + t}. */
  public Logits at(FloatBuffer buffer, int row) {
    this.values = buffer;
    this.offset = row;
    return this;
  }

  /** Copies the row's first values. */
  void copy(float[] into) {
    values.get(offset, into, 0, into.length);
  }

  /** The logit of a token. */
  public float get(int token) {
    return values.get(offset + token);
  }

  /**
   * Looks at the one that was taken as the greatest. Nothing is greater than what is no number: the
   * first of such logits is taken, and no other.
   *
   * @throws ArithmeticException if it is no number
   */
  void requireNumber(int token) {
    if (Float.isNaN(get(token))) {
      throw new ArithmeticException("the logit of the likeliest token is no number");
    }
  }
}
