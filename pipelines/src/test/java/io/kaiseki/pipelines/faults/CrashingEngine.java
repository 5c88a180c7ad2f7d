package io.kaiseki.pipelines.faults;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.gguf.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The real engine, whose native code is brought to a real segmentation fault by any document that
 * holds {@link #POISON}: the page of the model in memory that holds the embedding of that letter
 * must not be read any more. What other documents need is on other pages.
 */
record CrashingEngine(EngineSource engine, String model) implements EngineSource {

  private static final long serialVersionUID = 1L;

  /** An Armenian letter, 0xD4 0xB1 in UTF-8. */
  static final String POISON = "\u0531";

  /** The vocabulary of a made-up model starts with one token for each byte, in their order. */
  private static final int POISONOUS_TOKEN = 0xD4;

  private static final int FIRST_TOKEN_BEYOND_ASCII = 0x80;
  private static final int FIRST_TOKEN_OF_SEVERAL_BYTES = 0x100;
  private static final String EMBEDDINGS = "token_embd.weight";
  private static final NativeLibrary LIBC = NativeLibrary.getInstance("c");

  /** {@code PROT_NONE} of mman.h. */
  private static final int NO_ACCESS = 0;

  @Override
  public InferenceEngine acquire() {
    InferenceEngine acquired = engine.acquire();
    try {
      forbidPage(ModelFile.open(Path.of(model)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return acquired;
  }

  private static void forbidPage(ModelFile file) throws IOException {
    TensorInfo embeddings =
        file.tensors().stream()
            .filter(tensor -> tensor.name().equals(EMBEDDINGS))
            .findFirst()
            .orElseThrow();
    long start = file.header().dataPosition() + embeddings.offset();
    long row = embeddings.bytes() / file.vocabulary().size();
    int pageSize = LIBC.getFunction("getpagesize").invokeInt(new Object[0]);
    long page = (start + POISONOUS_TOKEN * row) / pageSize * pageSize;
    if (page < start + FIRST_TOKEN_BEYOND_ASCII * row
        || page + pageSize > start + FIRST_TOKEN_OF_SEVERAL_BYTES * row) {
      throw new IllegalStateException("the page holds tokens of other documents too");
    }
    int status =
        LIBC.getFunction("mprotect")
            .invokeInt(
                new Object[] {
                  new Pointer(mappedAt(file.path(), page)), (long) pageSize, NO_ACCESS
                });
    if (status != 0) {
      throw new IllegalStateException("mprotect failed");
    }
  }

  /**
   * Where the process has mapped this position of a file: see proc(5) for the form of the lines.
   */
  private static long mappedAt(Path file, long position) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/maps"));
    for (String line : lines) {
      String[] fields = line.split("\\s+", 6);
      if (fields.length == 6 && fields[5].equals(file.toRealPath().toString())) {
        String[] range = fields[0].split("-");
        long from = Long.parseLong(range[0], 16);
        long offset = position - Long.parseLong(fields[2], 16);
        if (offset >= 0 && from + offset < Long.parseLong(range[1], 16)) {
          return from + offset;
        }
      }
    }
    throw new IllegalStateException(file + " is not mapped");
  }
}
