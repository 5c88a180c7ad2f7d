package io.kaiseki.inference.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer in GGUF's byte order. */
final class LittleEndianBytes {

  private ByteBuffer buffer = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

  LittleEndianBytes raw(byte[] bytes) {
    room(bytes.length).put(bytes);
    return this;
  }

  LittleEndianBytes int32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  LittleEndianBytes int64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  /** A GGUF string: its length in bytes, then UTF-8. */
  LittleEndianBytes text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return int64(utf8.length).raw(utf8);
  }

  LittleEndianBytes padTo(int alignment) {
    return raw(new byte[-buffer.position() & alignment - 1]);
  }

  byte[] toArray() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  ByteBuffer toBuffer() {
    return buffer.duplicate().flip();
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int size = Math.max(Math.addExact(buffer.position(), bytes), buffer.capacity() * 2);
      buffer =
          ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(buffer.duplicate().flip());
    }
    return buffer;
  }
}
