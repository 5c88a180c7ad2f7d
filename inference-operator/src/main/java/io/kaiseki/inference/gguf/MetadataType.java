package io.kaiseki.inference.gguf;

/** Type of a metadata value; the ordinal is the number in the file. */
public enum MetadataType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(8),
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private final int minimumBytes;

  MetadataType(int minimumBytes) {
    this.minimumBytes = minimumBytes;
  }

  /** Bytes that one value takes at least; exactly so for numbers and booleans. */
  int minimumBytes() {
    return minimumBytes;
  }

  boolean fixedSize() {
    return this != STRING && this != ARRAY;
  }
}
