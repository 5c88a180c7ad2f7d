package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.InvalidModelFileException.Remedy;
import io.kaiseki.inference.gguf.TensorLayout.Role;
import io.kaiseki.inference.gguf.TensorLayout.Slot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holds the tensors of a file against the layout that its hyper-parameters call for. */
final class TensorCheck {

  private final MetadataLookup metadata;
  private final Hyperparameters model;
  private final int vocabularySize;

  TensorCheck(MetadataLookup metadata, Hyperparameters model, int vocabularySize) {
    this.metadata = metadata;
    this.model = model;
    this.vocabularySize = vocabularySize;
  }

  /**
   * @throws InvalidModelFileException if a tensor is missing, unknown, of another shape, or of a
   *     type that ggml can't compute with in its place
   */
  void check(List<TensorInfo> tensors) {
    requireVocabularySize();
    Map<String, TensorInfo> left =
        new HashMap<>(
            tensors.stream().collect(Collectors.toMap(TensorInfo::name, Function.identity())));
    for (Slot slot : TensorLayout.of(model, vocabularySize)) {
      TensorInfo tensor = left.remove(slot.name());
      if (tensor != null) {
        check(slot, tensor);
      } else if (slot.required()) {
        throw metadata.damaged("tensor " + slot.name() + " is missing");
      }
    }
    left.keySet().stream()
        .min(String::compareTo)
        .ifPresent(
            name -> {
              throw metadata.unsupported(
                  "tensor %s is unknown to the architecture %s"
                      .formatted(name, model.architecture().id()));
            });
  }

  private void requireVocabularySize() {
    String key = model.architecture().key("vocab_size");
    metadata
        .uint32(key)
        .filter(size -> size != vocabularySize)
        .ifPresent(
            size -> {
              throw metadata.damaged(
                  "%s is %,d, but there are %,d tokens".formatted(key, size, vocabularySize));
            });
  }

  private void check(Slot slot, TensorInfo tensor) {
    if (!tensor.dimensions().equals(slot.dimensions())) {
      throw metadata.damaged(
          "tensor %s has the shape %s, expected %s"
              .formatted(tensor.name(), tensor.dimensions(), slot.dimensions()));
    }
    Role role = slot.role();
    boolean fits = role.needsF32() ? tensor.type() == GgmlType.F32 : tensor.type().canHoldWeights();
    if (!fits) {
      throw new InvalidModelFileException(
          metadata.file(),
          "tensor %s is stored as %s, expected %s"
              .formatted(
                  tensor.name(), tensor.type(), role.needsF32() ? "F32" : "a type for weights"),
          Remedy.CHOOSE_ANOTHER_QUANTISATION);
    }
  }
}
