package io.kaiseki.inference.gguf;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The metadata part of a header as it is being built. */
final class GgufMetadataWriter {

  private final LittleEndianBytes bytes = new LittleEndianBytes();
  private final Set<String> keys = new HashSet<>();

  int count() {
    return keys.size();
  }

  void appendTo(LittleEndianBytes out) {
    out.raw(bytes.toArray());
  }

  void text(String key, String value) {
    begin(key, MetadataType.STRING);
    bytes.text(value);
  }

  void uint32(String key, int value) {
    begin(key, MetadataType.UINT32);
    bytes.int32(value);
  }

  void float32(String key, float value) {
    begin(key, MetadataType.FLOAT32);
    bytes.int32(Float.floatToIntBits(value));
  }

  void flag(String key, boolean value) {
    begin(key, MetadataType.BOOL);
    bytes.raw(new byte[] {(byte) (value ? 1 : 0)});
  }

  void texts(String key, List<String> values) {
    beginArray(key, MetadataType.STRING, values.size());
    values.forEach(bytes::text);
  }

  void int32s(String key, List<Integer> values) {
    beginArray(key, MetadataType.INT32, values.size());
    values.forEach(bytes::int32);
  }

  private void beginArray(String key, MetadataType element, int count) {
    begin(key, MetadataType.ARRAY);
    bytes.int32(element.ordinal()).int64(count);
  }

  private void begin(String key, MetadataType type) {
    if (!keys.add(key)) {
      throw new IllegalArgumentException("metadata key " + key + " is given twice");
    }
    bytes.text(key).int32(type.ordinal());
  }
}
