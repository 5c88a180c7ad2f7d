package io.kaiseki.inference.gguf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A set of texts that keeps the first 128 bits of their SHA-256 only: at most 64 bytes for each,
 * whatever its length, and nobody can make two texts collide.
 */
final class DigestSet {

  private final long[] table;
  private final MessageDigest digest;

  /**
   * @param capacity most texts that will be added
   */
  DigestSet(int capacity) {
    // At most half of the slots are ever taken.
    int slots = Integer.highestOneBit(Math.max(1, capacity)) << 2;
    table = new long[2 * slots];
    digest = FileDigest.begin();
  }

  /** Adds a text; false if it is there already. */
  boolean add(String text) {
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    long first = hash.getLong();
    long second = hash.getLong() | 1; // Never zero, which marks a free slot.
    int slots = table.length / 2;
    for (int slot = (int) first & slots - 1; ; slot = slot + 1 & slots - 1) {
      if (table[2 * slot + 1] == 0) {
        table[2 * slot] = first;
        table[2 * slot + 1] = second;
        return true;
      }
      if (table[2 * slot] == first && table[2 * slot + 1] == second) {
        return false;
      }
    }
  }
}
