package io.kaiseki.pipelines.job;

import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A real GGUF file with made-up weights, made once for each build. */
public final class TinyModel {

  private static final Path FILE = Path.of("target", "models", "tiny.gguf").toAbsolutePath();

  private TinyModel() {}

  public static synchronized Path file() {
    if (!Files.exists(FILE)) {
      try {
        Path directory = Files.createDirectories(FILE.getParent());
        Path whole = Files.createTempDirectory(directory, "made").resolve(FILE.getFileName());
        ModelMaker.make(ModelShape.TINY, whole, MakeOptions.defaults());
        // Another JVM of the tests may have made it meanwhile; the files are equal.
        Files.move(
            whole, FILE, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return FILE;
  }
}
