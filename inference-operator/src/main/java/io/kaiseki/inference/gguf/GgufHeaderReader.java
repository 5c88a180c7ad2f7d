package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.InvalidModelFileException.Remedy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the metadata of a GGUF header. Limits are far above any real model and low enough that a
 * hostile header costs neither memory nor time.
 */
final class GgufHeaderReader {

  private static final int MAGIC = 0x46554747;
  private static final int MAX_METADATA = 4096;
  private static final int MAX_TENSORS = 65_536;
  private static final int MAX_ELEMENTS = 1 << 24;

  /** From the GGUF specification. */
  private static final int MAX_KEY_BYTES = 65_535;

  /** Texts up to this length are kept in memory, such as names and chat templates. */
  private static final int SHORT_TEXT_BYTES = 65_536;

  /** What all keys and kept texts may take together. */
  private static final int KEPT_BYTES = 8 << 20;

  private static final int DEFAULT_ALIGNMENT = 32;

  /** TENSOR_ALIGNMENT of ggml, which ends the process where mapped tensors lie otherwise. */
  private static final int MIN_ALIGNMENT = 32;

  /** A page is the most that memory mapping can make use of. */
  private static final int MAX_ALIGNMENT = 65_536;

  private final GgufCursor in;
  private long kept;

  GgufHeaderReader(GgufCursor in) {
    this.in = in;
  }

  /**
   * @throws InvalidModelFileException if anything in the header isn't as it must be
   */
  GgufHeader read() {
    int version = preamble();
    long tensors = in.count("number of tensors", MAX_TENSORS);
    long entries = in.count("number of metadata entries", MAX_METADATA);
    Map<String, MetadataValue> metadata = new LinkedHashMap<>();
    for (long i = 0; i < entries; i++) {
      entry(metadata);
    }
    refuseSplit(metadata);
    int alignment = alignment(metadata);
    List<TensorInfo> infos = new ArrayList<>();
    TensorInfoReader reader = new TensorInfoReader(in, alignment);
    for (long i = 0; i < tensors; i++) {
      infos.add(reader.next());
    }
    long dataPosition = (in.position() + alignment - 1) & -alignment;
    GgufHeader header =
        new GgufHeader(
            version,
            alignment,
            Collections.unmodifiableMap(metadata),
            List.copyOf(infos),
            dataPosition);
    requireData(header);
    return header;
  }

  private int preamble() {
    int magic = in.int32("the magic number");
    if (magic != MAGIC) {
      throw in.refused(
          "it is not a GGUF file: it begins with 0x%08X, expected 0x%08X (\"GGUF\")"
              .formatted(Integer.reverseBytes(magic), Integer.reverseBytes(MAGIC)),
          Remedy.DOWNLOAD_AGAIN);
    }
    int version = in.int32("the version");
    if (version == 1) {
      throw in.refused("its GGUF version is 1, expected 2 or 3", Remedy.CONVERT_AGAIN);
    }
    int swapped = Integer.reverseBytes(version);
    if (swapped >= 1 && swapped <= 3) {
      throw in.refused("it is big endian, expected little endian", Remedy.CONVERT_AGAIN);
    }
    if (version != 2 && version != 3) {
      throw in.damaged(
          "its GGUF version is %s, expected 2 or 3".formatted(Integer.toUnsignedString(version)));
    }
    return version;
  }

  private void entry(Map<String, MetadataValue> metadata) {
    String key = in.text("metadata key " + (metadata.size() + 1), MAX_KEY_BYTES);
    if (key.isEmpty()) {
      throw in.damaged("metadata key " + (metadata.size() + 1) + " is empty");
    }
    kept += key.getBytes(StandardCharsets.UTF_8).length;
    if (kept > KEPT_BYTES) {
      throw in.damaged("its metadata keys take more than %,d bytes".formatted(KEPT_BYTES));
    }
    MetadataType type = type("metadata " + key);
    if (metadata.put(key, value(type, key)) != null) {
      throw in.damaged("metadata key " + key + " occurs twice");
    }
  }

  private MetadataType type(String what) {
    int id = in.int32("type of " + what);
    MetadataType[] types = MetadataType.values();
    if (id < 0 || id >= types.length) {
      throw in.damaged(
          "%s has the unknown type %s, expected 0 to %d"
              .formatted(what, Integer.toUnsignedString(id), types.length - 1));
    }
    return types[id];
  }

  private MetadataValue value(MetadataType type, String key) {
    String what = "metadata " + key;
    return switch (type) {
      case UINT8 -> new MetadataValue.Whole(type, in.uint8(what));
      case INT8 -> new MetadataValue.Whole(type, (byte) in.uint8(what));
      case UINT16 -> new MetadataValue.Whole(type, in.uint8(what) | in.uint8(what) << 8);
      case INT16 -> new MetadataValue.Whole(type, (short) (in.uint8(what) | in.uint8(what) << 8));
      case UINT32 -> new MetadataValue.Whole(type, Integer.toUnsignedLong(in.int32(what)));
      case INT32 -> new MetadataValue.Whole(type, in.int32(what));
      case UINT64, INT64 -> new MetadataValue.Whole(type, in.int64(what));
      case FLOAT32 -> new MetadataValue.Decimal(type, in.float32(what));
      case FLOAT64 -> new MetadataValue.Decimal(type, Double.longBitsToDouble(in.int64(what)));
      case BOOL -> flag(what);
      case STRING -> text(what);
      case ARRAY -> elements(what);
    };
  }

  private MetadataValue flag(String what) {
    int value = in.uint8(what);
    if (value > 1) {
      throw in.damaged(what + " is the boolean " + value + ", expected 0 or 1");
    }
    return new MetadataValue.Flag(value == 1);
  }

  private MetadataValue text(String what) {
    long start = in.position();
    long length = in.length(what);
    if (length > SHORT_TEXT_BYTES || kept + length > KEPT_BYTES) {
      MetadataValue text = new MetadataValue.LongText(in.position(), length);
      in.skip(length, what);
      return text;
    }
    kept += length;
    in.seek(start);
    return new MetadataValue.Text(in.text(what, SHORT_TEXT_BYTES));
  }

  private MetadataValue elements(String what) {
    MetadataType type = type("elements of " + what);
    if (type == MetadataType.ARRAY) {
      throw in.damaged(what + " is an array of arrays, which llama.cpp does not read");
    }
    int count = (int) in.count("number of elements of " + what, MAX_ELEMENTS);
    MetadataValue.Elements elements = new MetadataValue.Elements(type, count, in.position());
    if (type.fixedSize()) {
      in.skip((long) count * type.minimumBytes(), what);
    } else {
      for (int i = 0; i < count; i++) {
        in.element(i);
        in.skip(in.length(what), what);
      }
      in.element(-1);
    }
    return elements;
  }

  private void refuseSplit(Map<String, MetadataValue> metadata) {
    if (metadata.get("split.count") instanceof MetadataValue.Whole parts && parts.value() > 1) {
      throw in.refused(
          "it is one of " + parts.value() + " parts of a split model", Remedy.MERGE_SPLITS);
    }
  }

  private int alignment(Map<String, MetadataValue> metadata) {
    long alignment =
        new MetadataLookup(in.file(), metadata)
            .uint32("general.alignment")
            .orElse((long) DEFAULT_ALIGNMENT);
    if (Long.bitCount(alignment) != 1 || alignment < MIN_ALIGNMENT || alignment > MAX_ALIGNMENT) {
      throw in.damaged(
          "metadata general.alignment is %,d, expected a power of two from %,d to %,d"
              .formatted(alignment, MIN_ALIGNMENT, MAX_ALIGNMENT));
    }
    return (int) alignment;
  }

  private void requireData(GgufHeader header) {
    boolean overflows = header.tensorBytes() > Long.MAX_VALUE - header.dataPosition();
    long end = overflows ? Long.MAX_VALUE : header.dataPosition() + header.tensorBytes();
    if (end > in.size()) {
      throw in.damaged(
          "it has %,d bytes, expected at least %,d for its %,d tensors"
              .formatted(in.size(), end, header.tensors().size()));
    }
  }
}
