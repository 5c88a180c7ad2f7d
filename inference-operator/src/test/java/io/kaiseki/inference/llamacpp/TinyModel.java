package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The tiny made-up model, made once per build. */
final class TinyModel {

  private static final Path FILE = Path.of("target", "models", "tiny.gguf").toAbsolutePath();

  private TinyModel() {}

  static synchronized Path file() {
    try {
      if (!Files.exists(FILE)) {
        Files.createDirectories(FILE.getParent());
        ModelMaker.make(ModelShape.TINY, FILE, MakeOptions.defaults());
      }
      return FILE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
