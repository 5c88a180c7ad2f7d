package io.kaiseki.pipelines.backfill.archive;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file as bytes, without the line feed that ends them, so that a line in a wrong
 * encoding can be kept as it is. A line longer than {@link #LONGEST} is passed over: no document is
 * that long, and memory is not endless.
 */
final class ByteLines implements Closeable {

  /** In bytes. */
  static final int LONGEST = 32 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final BufferedInputStream in;
  private final Deque<Line> pushedBack = new ArrayDeque<>();
  private boolean first = true;
  private boolean marked;

  /**
   * A line.
   *
   * @param bytes null where it is longer than {@link #LONGEST}
   */
  record Line(byte @Nullable [] bytes) {

    /** Whether it holds nothing but a line end. */
    boolean isBlank() {
      return bytes != null && (bytes.length == 0 || bytes.length == 1 && bytes[0] == '\r');
    }
  }

  ByteLines(Path file) throws IOException {
    in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
  }

  /** The next line; null at the end. */
  @Nullable Line next() throws IOException {
    Line again = pushedBack.poll();
    if (again != null) {
      return again;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    boolean tooLong = false;
    int read = in.read();
    if (read < 0) {
      return null;
    }
    while (read >= 0 && read != '\n') {
      if (line.size() < LONGEST) {
        line.write(read);
      } else {
        tooLong = true;
      }
      read = in.read();
    }
    byte[] bytes = line.toByteArray();
    if (first && StrictText.startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
      bytes = Arrays.copyOfRange(bytes, 3, bytes.length);
      marked = true;
    }
    first = false;
    return new Line(tooLong ? null : bytes);
  }

  /** The encoding of the lines, known with the first: as a byte order mark says, or as told. */
  Charset charset(Charset told) {
    return marked ? StandardCharsets.UTF_8 : told;
  }

  /** Gives lines back, to be read again before all others. */
  void pushBack(List<Line> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      pushedBack.push(lines.get(i));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
