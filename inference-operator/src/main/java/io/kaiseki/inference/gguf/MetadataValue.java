package io.kaiseki.inference.gguf;

/** A value of a GGUF file's metadata. Long texts and arrays stay in the file. */
public sealed interface MetadataValue {

  /** The type in the file. */
  MetadataType type();

  /** A whole number; unsigned 64-bit values beyond {@link Long#MAX_VALUE} show as negative. */
  record Whole(MetadataType type, long value) implements MetadataValue {}

  record Decimal(MetadataType type, double value) implements MetadataValue {}

  record Flag(boolean value) implements MetadataValue {
    @Override
    public MetadataType type() {
      return MetadataType.BOOL;
    }
  }

  record Text(String value) implements MetadataValue {
    @Override
    public MetadataType type() {
      return MetadataType.STRING;
    }
  }

  /**
   * A text that is too long to keep in memory.
   *
   * @param position of its first byte in the file
   * @param bytes its length
   */
  record LongText(long position, long bytes) implements MetadataValue {
    @Override
    public MetadataType type() {
      return MetadataType.STRING;
    }
  }

  /**
   * Elements that were checked to lie within the file, but not kept.
   *
   * @param elementType never {@link MetadataType#ARRAY}: llama.cpp refuses nested arrays
   * @param count number of elements
   * @param position of the first element in the file
   */
  record Elements(MetadataType elementType, int count, long position) implements MetadataValue {
    @Override
    public MetadataType type() {
      return MetadataType.ARRAY;
    }
  }
}
