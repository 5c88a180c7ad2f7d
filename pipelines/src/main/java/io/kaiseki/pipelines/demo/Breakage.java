package io.kaiseki.pipelines.demo;

import io.kaiseki.inference.FailureReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The ways in which a record in the Confluent wire format (a zero byte, the schema id as four
 * bytes, Avro's binary encoding) can be no record at all.
 */
public enum Breakage {
  /** The first byte is not the format's magic zero. */
  BAD_MAGIC_BYTE(
      FailureReason.UNDECODABLE,
      valid -> {
        byte[] broken = valid.clone();
        broken[0] = 0x07;
        return broken;
      }),
  /** The schema id is one that no registry has given out. */
  UNKNOWN_SCHEMA_ID(
      FailureReason.SCHEMA_UNKNOWN,
      valid -> ByteBuffer.wrap(valid.clone()).putInt(1, Integer.MAX_VALUE - 7).array()),
  /** The second half of the Avro encoding is missing. */
  TRUNCATED(
      FailureReason.UNDECODABLE,
      valid ->
          Arrays.copyOf(valid, Breakage.HEADER_BYTES + (valid.length - Breakage.HEADER_BYTES) / 2)),
  /** A producer without a serializer: JSON text. */
  JSON_INSTEAD_OF_AVRO(
      FailureReason.UNDECODABLE,
      valid ->
          "{\"kind\":\"ticket\",\"body\":\"My line is dead.\"}".getBytes(StandardCharsets.UTF_8)),
  /** No bytes at all. */
  EMPTY_VALUE(FailureReason.UNDECODABLE, valid -> new byte[0]),
  /**
   * The first string claims two billion bytes and has three. A decoder that believes it asks for
   * that much memory.
   */
  LENGTH_BOMB(
      FailureReason.UNDECODABLE,
      valid ->
          ByteBuffer.allocate(Breakage.HEADER_BYTES + 8)
              .put(valid, 0, Breakage.HEADER_BYTES)
              // 2,000,000,000 as Avro writes a long: zigzag, seven bits a byte, lowest first.
              .put(new byte[] {(byte) 0x80, (byte) 0xD0, (byte) 0xAC, (byte) 0xF3, 0x0E})
              .put(new byte[] {'b', 'o', 'o'})
              .array());

  private static final int HEADER_BYTES = 5;

  private final FailureReason expected;
  private final UnaryOperator<byte[]> transformation;

  Breakage(FailureReason expected, UnaryOperator<byte[]> transformation) {
    this.expected = expected;
    this.transformation = transformation;
  }

  /** The reason that the dead letter of such a record must carry. */
  public FailureReason expected() {
    return expected;
  }

  /**
   * Breaks a record.
   *
   * @param valid a whole value in the wire format whose schema starts with a string; left as it is
   * @throws IllegalArgumentException if it is not in the wire format to begin with
   */
  public BrokenPayload applyTo(byte[] valid) {
    if (valid.length <= HEADER_BYTES || valid[0] != 0) {
      throw new IllegalArgumentException(
          "expected a value in the Confluent wire format, found "
              + valid.length
              + " bytes without its header");
    }
    return new BrokenPayload(this, transformation.apply(valid));
  }
}
