package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.InvalidModelFileException.Remedy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a GGUF header front to back through a small buffer. Each read is checked against the size
 * of the file before anything is allocated or skipped, so a length from the file can never make
 * this class allocate more than it asked for or run past the end.
 */
final class GgufCursor {

  private static final int BUFFER_BYTES = 1 << 14;

  /** What a lenient decoder puts for malformed bytes; the character may also be meant. */
  private static final char REPLACEMENT = '\uFFFD';

  private final SeekableByteChannel channel;
  private final String file;
  private final long size;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long position;
  private int element = -1;

  GgufCursor(SeekableByteChannel channel, String file) {
    this.channel = channel;
    this.file = file;
    try {
      size = channel.size();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  String file() {
    return file;
  }

  long size() {
    return size;
  }

  long position() {
    return position;
  }

  long remaining() {
    return size - position;
  }

  /**
   * Says that what is read next is this element of an array, for messages; -1 ends the array. The
   * arrays are long: a name for each element would cost more than reading it.
   */
  void element(int index) {
    element = index;
  }

  int uint8(String what) {
    return need(1, what).get() & 0xff;
  }

  int int32(String what) {
    return need(Integer.BYTES, what).getInt();
  }

  long int64(String what) {
    return need(Long.BYTES, what).getLong();
  }

  float float32(String what) {
    return Float.intBitsToFloat(int32(what));
  }

  /** An unsigned 64-bit count or length that must not exceed a limit. */
  long count(String what, long limit) {
    long count = int64(what);
    if (count < 0 || count > limit) {
      throw damaged("%s is %s, expected at most %,d".formatted(what, unsigned(count), limit));
    }
    return count;
  }

  /** The length of a string, which must lie within the file. */
  long length(String what) {
    long length = int64(what);
    if (length < 0 || length > remaining()) {
      throw damaged(
          "%s claims a length of %s bytes, but %,d are left in the file"
              .formatted(named(what), unsigned(length), remaining()));
    }
    return length;
  }

  /** So many bytes; the caller has bounded the number. */
  byte[] bytes(int count, String what) {
    byte[] bytes = new byte[count];
    for (int done = 0; done < count; ) {
      int step = Math.min(count - done, BUFFER_BYTES);
      need(step, what).get(bytes, done, step);
      done += step;
    }
    return bytes;
  }

  /**
   * A string of at most {@code limit} bytes: UTF-8 without NUL, at which native code would stop.
   */
  String text(String what, int limit) {
    long length = length(what);
    if (length > limit) {
      throw damaged(
          "%s is %,d bytes long, expected at most %,d".formatted(named(what), length, limit));
    }
    return decode(bytes((int) length, what), what);
  }

  private String decode(byte[] utf8, String what) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    if (text.indexOf(0) >= 0) {
      throw damaged(named(what) + " contains a NUL character");
    }
    if (text.indexOf(REPLACEMENT) >= 0 && !isUtf8(utf8)) {
      throw damaged(named(what) + " is not valid UTF-8");
    }
    return text;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  void skip(long count, String what) {
    if (count < 0 || count > remaining()) {
      throw damaged(
          "%s takes %s bytes, but %,d are left in the file"
              .formatted(named(what), unsigned(count), remaining()));
    }
    seek(position + count);
  }

  void seek(long target) {
    long from = position - buffer.position();
    if (target >= from && target <= from + buffer.limit()) {
      buffer.position((int) (target - from));
    } else {
      buffer.position(0).limit(0);
    }
    position = target;
  }

  InvalidModelFileException damaged(String problem) {
    return new InvalidModelFileException(file, problem, Remedy.DOWNLOAD_AGAIN);
  }

  InvalidModelFileException refused(String problem, Remedy remedy) {
    return new InvalidModelFileException(file, problem, remedy);
  }

  private ByteBuffer need(int count, String what) {
    if (count > remaining()) {
      throw damaged(
          "it ends at byte %,d, within %s (%,d bytes expected, %,d left)"
              .formatted(size, named(what), count, remaining()));
    }
    if (buffer.remaining() < count) {
      fill(count, what);
    }
    position += count;
    return buffer;
  }

  private void fill(int count, String what) {
    try {
      channel.position(position);
      buffer.clear();
      while (buffer.position() < count) {
        if (channel.read(buffer) < 0) {
          throw damaged("it became shorter while " + named(what) + " was read");
        }
      }
      buffer.flip();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private InvalidModelFileException unreadable(IOException e) {
    return new InvalidModelFileException(file, "cannot be read: " + e, Remedy.CHECK_PATH, e);
  }

  private String named(String what) {
    return element < 0 ? what : what + " " + element;
  }

  private static String unsigned(long value) {
    return Long.toUnsignedString(value);
  }
}
