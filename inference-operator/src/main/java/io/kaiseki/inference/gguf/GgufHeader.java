package io.kaiseki.inference.gguf;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands before the tensor data of a GGUF file.
 *
 * @param version 2 or 3
 * @param alignment of each tensor, in bytes
 * @param metadata by key, in the order of the file
 * @param tensors in the order of the file
 * @param dataPosition where the tensor data begins in the file
 */
public record GgufHeader(
    int version,
    int alignment,
    Map<String, MetadataValue> metadata,
    List<TensorInfo> tensors,
    long dataPosition) {

  /** The text under this key, where there is one short enough to have been kept. */
  public Optional<String> text(String key) {
    return metadata.get(key) instanceof MetadataValue.Text text
        ? Optional.of(text.value())
        : Optional.empty();
  }

  /** Bytes from the first tensor to the end of the last one. */
  public long tensorBytes() {
    if (tensors.isEmpty()) {
      return 0;
    }
    TensorInfo last = tensors.get(tensors.size() - 1);
    return last.offset() + last.bytes();
  }
}
