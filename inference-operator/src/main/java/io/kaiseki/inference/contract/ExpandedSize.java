package io.kaiseki.inference.contract;

/**
 * How large an answer becomes while its schema is read. A record or an enum counts wherever it is
 * used, since a small schema can use one in more places than memory holds. Not thread-safe.
 */
public final class ExpandedSize {

  /** Most fields and labels of an answer. */
  public static final int MAX_PARTS = 16_384;

  /** Characters of paths, labels and docs that count as one part more. */
  static final int PART_LENGTH = 64;

  private int parts;

  /**
   * Counts a part, such as a field.
   *
   * @param texts what is kept of it, such as its path, which is kept whole, and its doc
   * @return whether the answer is not too large yet
   */
  public boolean add(String... texts) {
    if (!exceeded()) {
      parts++;
      for (String text : texts) {
        parts += text.length() / PART_LENGTH;
      }
    }
    return !exceeded();
  }

  /** Whether the answer is too large. */
  public boolean exceeded() {
    return parts > MAX_PARTS;
  }

  /** Parts counted so far. */
  public int parts() {
    return parts;
  }

  /** What to tell of an answer that is too large. */
  public static String problem() {
    return "too large: over "
        + MAX_PARTS
        + " fields and labels, each counted wherever its type is used, and "
        + PART_LENGTH
        + " characters of paths, labels and docs as one more; use fewer";
  }
}
