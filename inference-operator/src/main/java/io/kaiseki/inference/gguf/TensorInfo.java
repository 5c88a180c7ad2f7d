package io.kaiseki.inference.gguf;

import java.util.List;

/**
 * One tensor of a file.
 *
 * @param name such as {@code blk.0.attn_q.weight}
 * @param type how its elements are stored
 * @param dimensions one to four; the first is the one that lies together in memory
 * @param offset of its first byte from the start of the tensor data
 * @param bytes its size without padding
 */
public record TensorInfo(
    String name, GgmlType type, List<Long> dimensions, long offset, long bytes) {

  public TensorInfo {
    dimensions = List.copyOf(dimensions);
  }

  /** The product of the dimensions. */
  public long elements() {
    return dimensions.stream().reduce(1L, Math::multiplyExact);
  }
}
