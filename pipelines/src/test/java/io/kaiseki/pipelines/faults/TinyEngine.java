package io.kaiseki.pipelines.faults;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The real llama.cpp engine on a tiny model with made-up weights, made once per build. */
final class TinyEngine {

  private static final Path FILE = Path.of("target", "models", "tiny.gguf").toAbsolutePath();
  private static final int SLOTS = 8;
  private static final int BATCH_TOKENS = 512;

  private TinyEngine() {}

  static EngineSource source() {
    return source(file());
  }

  static EngineSource source(Path model) {
    return LlamaCppEngine.source(
        new LlamaCppSettings(model.toString(), "", SLOTS, 0, BATCH_TOKENS, 1, ""));
  }

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
