package io.kaiseki.inference.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** Where tensors write their bytes: counts them, pads each tensor and tells the progress. */
final class TensorSink implements WritableByteChannel {

  private static final long PROGRESS_STEP = 1 << 20;

  private final FileChannel channel;
  private final long total;
  private final ByteProgress progress;
  private String tensor = "";
  private long expected;
  private long begun;
  private long written;
  private long told = -PROGRESS_STEP;

  TensorSink(FileChannel channel, long total, ByteProgress progress) {
    this.channel = channel;
    this.total = total;
    this.progress = progress;
  }

  void begin(String name, long bytes) {
    tensor = name;
    expected = bytes;
    begun = written;
  }

  void end() throws IOException {
    long given = written - begun;
    if (given != expected) {
      throw new IOException(
          "tensor %s gave %,d bytes instead of %,d".formatted(tensor, given, expected));
    }
    write(ByteBuffer.allocate((int) (GgufWriter.padded(given) - given)));
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int bytes = source.remaining();
    while (source.hasRemaining()) {
      channel.write(source);
    }
    written += bytes;
    if (written - told >= PROGRESS_STEP || written == total) {
      told = written;
      progress.advanced(written, total);
    }
    return bytes;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** The file is closed by whoever opened it. */
  @Override
  public void close() {}
}
