package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.InvalidModelFileException.Remedy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Reads the tensor descriptions of a header. As in llama.cpp, each tensor must begin where the one
 * before ends, padded to the alignment: so tensors are aligned and don't overlap. Whether the file
 * holds them all is asked once their total is known, because that is the number that helps. All
 * arithmetic is exact; wrapped products and sums of this kind were CVE-2025-49847, CVE-2025-53630
 * and CVE-2026-27940.
 */
final class TensorInfoReader {

  /** ggml keeps names in 64 bytes with a NUL at the end. */
  private static final int MAX_NAME_BYTES = 63;

  private static final int MAX_DIMENSIONS = 4;

  private final GgufCursor in;
  private final int alignment;
  private final Set<String> names = new HashSet<>();
  private long expectedOffset;

  TensorInfoReader(GgufCursor in, int alignment) {
    this.in = in;
    this.alignment = alignment;
  }

  TensorInfo next() {
    int number = names.size() + 1;
    String name = in.text("name of tensor " + number, MAX_NAME_BYTES);
    if (name.isEmpty()) {
      throw in.damaged("name of tensor " + number + " is empty");
    }
    if (!names.add(name)) {
      throw in.damaged("tensor " + name + " occurs twice");
    }
    String what = "tensor " + name;
    List<Long> dimensions = dimensions(what);
    GgmlType type = type(what);
    long bytes = bytes(what, type, dimensions);
    long offset = in.int64("offset of " + what);
    if (offset != expectedOffset) {
      throw in.damaged(
          "%s lies at offset %s, expected %,d"
              .formatted(what, Long.toUnsignedString(offset), expectedOffset));
    }
    long end = exact(what, () -> Math.addExact(offset, bytes));
    expectedOffset = exact(what, () -> Math.addExact(end, alignment - 1)) & -(long) alignment;
    return new TensorInfo(name, type, dimensions, offset, bytes);
  }

  private List<Long> dimensions(String what) {
    int count = in.int32("number of dimensions of " + what);
    if (count < 1 || count > MAX_DIMENSIONS) {
      throw in.damaged(
          "%s has %s dimensions, expected 1 to %d"
              .formatted(what, Integer.toUnsignedString(count), MAX_DIMENSIONS));
    }
    List<Long> dimensions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long dimension = in.int64("dimension " + i + " of " + what);
      if (dimension < 1) {
        throw in.damaged(
            "dimension %d of %s is %s, expected 1 or more"
                .formatted(i, what, Long.toUnsignedString(dimension)));
      }
      dimensions.add(dimension);
    }
    return dimensions;
  }

  private GgmlType type(String what) {
    int id = in.int32("type of " + what);
    return GgmlType.withId(id)
        .orElseThrow(
            () ->
                in.refused(
                    "%s is of the ggml type %s, which is not known"
                        .formatted(what, Integer.toUnsignedString(id)),
                    Remedy.CHOOSE_ANOTHER_QUANTISATION));
  }

  private long bytes(String what, GgmlType type, List<Long> dimensions) {
    if (dimensions.get(0) % type.blockElements() != 0) {
      throw in.damaged(
          "%s has rows of %,d elements, expected a multiple of the %d in a %s block"
              .formatted(what, dimensions.get(0), type.blockElements(), type));
    }
    return exact(what, () -> type.bytes(dimensions.stream().reduce(1L, Math::multiplyExact)));
  }

  private long exact(String what, LongSupplier arithmetic) {
    try {
      return arithmetic.getAsLong();
    } catch (ArithmeticException e) {
      throw in.damaged("the size of " + what + " overflows 63 bits");
    }
  }
}
