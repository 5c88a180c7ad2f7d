package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.InvalidModelFileException.Remedy;
import java.util.Map;
import java.util.Optional;

/** Looks keys up for a file that must have them in the type that llama.cpp reads. */
record MetadataLookup(String file, Map<String, MetadataValue> metadata) {

  Optional<Long> uint32(String key) {
    return find(key, MetadataType.UINT32).map(value -> ((MetadataValue.Whole) value).value());
  }

  Optional<Float> float32(String key) {
    return find(key, MetadataType.FLOAT32)
        .map(value -> (float) ((MetadataValue.Decimal) value).value());
  }

  Optional<Boolean> flag(String key) {
    return find(key, MetadataType.BOOL).map(value -> ((MetadataValue.Flag) value).value());
  }

  Optional<String> text(String key) {
    return find(key, MetadataType.STRING)
        .map(
            value -> {
              if (value instanceof MetadataValue.Text text) {
                return text.value();
              }
              throw damaged("metadata " + key + " is too long");
            });
  }

  Optional<MetadataValue.Elements> elements(String key, MetadataType elementType) {
    return find(key, MetadataType.ARRAY)
        .map(
            value -> {
              MetadataValue.Elements elements = (MetadataValue.Elements) value;
              if (elements.elementType() != elementType) {
                throw damaged(
                    "metadata %s is an array of %s, expected %s"
                        .formatted(key, elements.elementType(), elementType));
              }
              return elements;
            });
  }

  <T> T required(String key, Optional<T> value) {
    return value.orElseThrow(() -> damaged("metadata " + key + " is missing"));
  }

  InvalidModelFileException damaged(String problem) {
    return new InvalidModelFileException(file, problem, Remedy.DOWNLOAD_AGAIN);
  }

  InvalidModelFileException unsupported(String problem) {
    return new InvalidModelFileException(file, problem, Remedy.CHOOSE_ANOTHER_MODEL);
  }

  private Optional<MetadataValue> find(String key, MetadataType expected) {
    MetadataValue value = metadata.get(key);
    if (value != null && value.type() != expected) {
      throw damaged(
          "metadata %s has the type %s, expected %s".formatted(key, value.type(), expected));
    }
    return Optional.ofNullable(value);
  }
}
