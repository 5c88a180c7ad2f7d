package io.kaiseki.inference.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes a GGUF file, version 3, little endian: metadata and tensors are declared first, then
 * {@link #write} streams them. Tensor data is asked for one tensor at a time, so a file may be far
 * larger than the heap.
 *
 * <p>Not safe for use by several threads.
 */
public final class GgufWriter {

  static final int VERSION = 3;
  static final int ALIGNMENT = 32;

  /** Gives the bytes of one tensor. */
  @FunctionalInterface
  public interface TensorContent {

    /** Writes exactly the bytes that the tensor's type and dimensions call for. */
    void writeTo(WritableByteChannel out) throws IOException;

    /** Bytes that are in memory already. */
    static TensorContent of(ByteBuffer bytes) {
      return out -> out.write(bytes.duplicate());
    }
  }

  private record Tensor(String name, GgmlType type, List<Long> dimensions, TensorContent content) {

    long bytes() {
      return type.bytes(dimensions.stream().reduce(1L, Math::multiplyExact));
    }
  }

  private final GgufMetadataWriter metadata = new GgufMetadataWriter();
  private final List<Tensor> tensors = new ArrayList<>();

  public GgufWriter text(String key, String value) {
    metadata.text(key, value);
    return this;
  }

  public GgufWriter uint32(String key, int value) {
    metadata.uint32(key, value);
    return this;
  }

  public GgufWriter float32(String key, float value) {
    metadata.float32(key, value);
    return this;
  }

  public GgufWriter flag(String key, boolean value) {
    metadata.flag(key, value);
    return this;
  }

  public GgufWriter texts(String key, List<String> values) {
    metadata.texts(key, values);
    return this;
  }

  public GgufWriter int32s(String key, List<Integer> values) {
    metadata.int32s(key, values);
    return this;
  }

  /**
   * Declares a tensor; the order of declaration is the order in the file.
   *
   * @param dimensions the first is the one that lies together in memory
   */
  public GgufWriter tensor(
      String name, GgmlType type, List<Long> dimensions, TensorContent content) {
    if (dimensions.isEmpty() || dimensions.get(0) % type.blockElements() != 0) {
      throw new IllegalArgumentException(
          "tensor %s: rows of %s elements do not fill %s blocks of %d"
              .formatted(name, dimensions, type, type.blockElements()));
    }
    tensors.add(new Tensor(name, type, List.copyOf(dimensions), content));
    return this;
  }

  /**
   * Writes the file. It appears under its name only when it is complete; an existing file is
   * replaced then, and a failed write leaves nothing behind.
   *
   * @throws IOException if the file can't be written, its disk is too small, or a tensor gives
   *     fewer or more bytes than it declared
   */
  public void write(Path target, ByteProgress progress) throws IOException {
    Path file = target.toAbsolutePath();
    if (Files.isDirectory(file)) {
      throw new FileAlreadyExistsException(target + " is a directory; name a file in it");
    }
    Path directory = file.getParent();
    Files.createDirectories(directory);
    ByteBuffer header = header();
    long total = header.remaining() + tensors.stream().mapToLong(t -> padded(t.bytes())).sum();
    requireSpace(directory, target, total);
    Path partial = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        TensorSink sink = new TensorSink(channel, total, progress);
        sink.write(header);
        for (Tensor tensor : tensors) {
          sink.begin(tensor.name(), tensor.bytes());
          tensor.content().writeTo(sink);
          sink.end();
        }
        channel.force(true);
      }
      move(partial, file);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private ByteBuffer header() {
    LittleEndianBytes out = new LittleEndianBytes();
    out.raw(new byte[] {'G', 'G', 'U', 'F'}).int32(VERSION);
    out.int64(tensors.size()).int64(metadata.count());
    metadata.appendTo(out);
    long offset = 0;
    for (Tensor tensor : tensors) {
      out.text(tensor.name()).int32(tensor.dimensions().size());
      tensor.dimensions().forEach(out::int64);
      out.int32(tensor.type().id()).int64(offset);
      offset += padded(tensor.bytes());
    }
    out.padTo(ALIGNMENT);
    return out.toBuffer();
  }

  private static void requireSpace(Path directory, Path target, long total) throws IOException {
    long usable = Files.getFileStore(directory).getUsableSpace();
    if (usable < total) {
      throw new IOException(
          "%s needs %,d bytes, but its disk has %,d left; free space or choose another directory"
              .formatted(target, total, usable));
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static long padded(long bytes) {
    return Math.addExact(bytes, ALIGNMENT - 1) & -ALIGNMENT;
  }
}
