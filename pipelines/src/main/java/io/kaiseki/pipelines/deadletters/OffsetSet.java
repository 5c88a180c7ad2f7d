package io.kaiseki.pipelines.deadletters;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Offsets by partition, a bit for each in blocks of neighbours: millions take little memory. */
final class OffsetSet {

  private static final int BLOCK = 1 << 16;

  private record Block(int partition, long number) {}

  private final Map<Block, BitSet> blocks = new HashMap<>();

  void add(int partition, long offset) {
    blocks
        .computeIfAbsent(new Block(partition, offset / BLOCK), block -> new BitSet())
        .set((int) (offset % BLOCK));
  }

  boolean contains(int partition, long offset) {
    BitSet block = blocks.get(new Block(partition, offset / BLOCK));
    return block != null && block.get((int) (offset % BLOCK));
  }
}
