package io.kaiseki.pipelines.job;

import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real GGUF file with made-up weights, made once for each build. */
public final class TinyModel {

  private static final Path FILE = Path.of("target", "models", "tiny.gguf").toAbsolutePath();

  private TinyModel() {}

  public static synchronized Path file() {
    if (!Files.exists(FILE)) {
      try {
        Files.createDirectories(FILE.getParent());
        ModelMaker.make(ModelShape.TINY, FILE, MakeOptions.defaults());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return FILE;
  }
}
