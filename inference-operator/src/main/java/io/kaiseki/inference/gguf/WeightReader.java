package io.kaiseki.inference.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads whole tensors of a model file as floats: for files that fit the heap many times over. */
final class WeightReader {

  private final ModelFile model;
  private final Map<String, TensorInfo> tensors;

  WeightReader(ModelFile model) {
    this.model = model;
    tensors =
        model.tensors().stream().collect(Collectors.toMap(TensorInfo::name, Function.identity()));
  }

  boolean has(String tensor) {
    return tensors.containsKey(tensor);
  }

  /**
   * The elements of a tensor, in the order of the file.
   *
   * @throws IOException if the file can't be read or stores the tensor in a type that {@link
   *     WeightEncoding} doesn't know
   */
  float[] read(String tensor) throws IOException {
    TensorInfo info = tensors.get(tensor);
    if (info == null) {
      throw new IOException(model.path() + " has no tensor " + tensor);
    }
    if (!WeightEncoding.TYPES.contains(info.type())) {
      throw new IOException(
          "%s stores %s as %s, expected one of %s"
              .formatted(model.path(), tensor, info.type(), WeightEncoding.TYPES));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(info.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    long position = model.header().dataPosition() + info.offset();
    try (FileChannel channel = FileChannel.open(model.path(), StandardOpenOption.READ)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, position + bytes.position()) < 0) {
          throw new IOException(model.path() + " became shorter while it was read");
        }
      }
    }
    return WeightEncoding.decode(info.type(), bytes.flip(), Math.toIntExact(info.elements()));
  }
}
