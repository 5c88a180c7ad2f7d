package io.kaiseki.pipelines.backfill.done;

/**
 * A set of fingerprints in one array, 16 bytes for each place in it. Between three eighths and
 * three quarters of the places are taken, so a million documents take 21 to 43 MB (half as much
 * again for a moment, while it grows; it does not shrink where documents are removed). Open
 * addressing with linear probing; fingerprints are evenly spread already. Those of one id belong to
 * one of {@value #SPREAD} places, so that they are found, and very many do not stand in one row.
 *
 * <p>Filled by one thread; once handed on, read by any.
 */
public final class FingerprintSet {

  private static final int SMALLEST = 1 << 10;
  private static final int MOST_PLACES = 1 << 29;

  /** A power of two. */
  private static final int SPREAD = 1 << 8;

  /** Odd, so that its multiples are other places. */
  private static final long STEP = 0x9E3779B97F4A7C15L;

  /** High and low half of each place in turn; both zero where it is free. */
  private long[] table = new long[2 * SMALLEST];

  private int size;

  /** Adds a fingerprint; whether it was not there yet. */
  public boolean add(DocumentFingerprint fingerprint) {
    if (size >= places() / 4 * 3) {
      grow();
    }
    long low = low(fingerprint);
    int place = find(table, fingerprint.high(), low);
    if (!isFree(table, place)) {
      return false;
    }
    table[2 * place] = fingerprint.high();
    table[2 * place + 1] = low;
    size++;
    return true;
  }

  /**
   * Removes all fingerprints of a document.
   *
   * @param high what they have in common
   */
  void removeAll(long high) {
    int mask = places() - 1;
    for (int low = 0; low < SPREAD; low++) {
      int place = home(high, low) & mask;
      while (!isFree(table, place)) {
        if (table[2 * place] == high) {
          // Another of them may come to stand there.
          remove(place);
        } else {
          place = (place + 1) & mask;
        }
      }
    }
  }

  /** Whether it holds a fingerprint. */
  public boolean contains(DocumentFingerprint fingerprint) {
    return !isFree(table, find(table, fingerprint.high(), low(fingerprint)));
  }

  /** How many it holds. */
  public int size() {
    return size;
  }

  /** Memory of the set as it is, in bytes. */
  public long bytes() {
    return (long) Long.BYTES * table.length;
  }

  /** Frees a place. Those behind it move up as far as they may, so that each is still found. */
  private void remove(int place) {
    int mask = places() - 1;
    int free = place;
    for (int next = (free + 1) & mask; !isFree(table, next); next = (next + 1) & mask) {
      int fromHome = (next - home(table[2 * next], table[2 * next + 1])) & mask;
      if (fromHome >= ((next - free) & mask)) {
        table[2 * free] = table[2 * next];
        table[2 * free + 1] = table[2 * next + 1];
        free = next;
      }
    }
    table[2 * free] = 0;
    table[2 * free + 1] = 0;
    size--;
  }

  private void grow() {
    if (places() >= MOST_PLACES) {
      throw new IllegalStateException(
          "the results topic holds more than "
              + size
              + " documents, the most that a backfill can"
              + " compare with; --again does not compare");
    }
    long[] larger = new long[2 * table.length];
    for (int place = 0; place < places(); place++) {
      if (!isFree(table, place)) {
        int target = find(larger, table[2 * place], table[2 * place + 1]);
        larger[2 * target] = table[2 * place];
        larger[2 * target + 1] = table[2 * place + 1];
      }
    }
    table = larger;
  }

  private int places() {
    return table.length / 2;
  }

  /** The place of a fingerprint, or the free one where it belongs. */
  private static int find(long[] table, long high, long low) {
    int mask = table.length / 2 - 1;
    int place = home(high, low) & mask;
    while (!isFree(table, place) && (table[2 * place] != high || table[2 * place + 1] != low)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /** Where a fingerprint belongs, if the table has that many places; else its last bits. */
  private static int home(long high, long low) {
    return (int) (high + (low & (SPREAD - 1)) * STEP);
  }

  private static boolean isFree(long[] table, int place) {
    return table[2 * place] == 0 && table[2 * place + 1] == 0;
  }

  /** All zeros mean a free place, so that one fingerprint is kept as its neighbour. */
  private static long low(DocumentFingerprint fingerprint) {
    return fingerprint.high() == 0 && fingerprint.low() == 0 ? 1 : fingerprint.low();
  }
}
