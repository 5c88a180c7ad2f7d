package io.kaiseki.pipelines.faults;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.job.TinyModel;
import java.nio.file.Path;

/** The real llama.cpp engine on a tiny model with made-up weights, made once per build. */
final class TinyEngine {

  private static final int SLOTS = 8;
  private static final int BATCH_TOKENS = 512;

  private TinyEngine() {}

  static EngineSource source() {
    return source(TinyModel.file());
  }

  static EngineSource source(Path model) {
    return LlamaCppEngine.source(
        new LlamaCppSettings(model.toString(), "", SLOTS, 0, BATCH_TOKENS, 1, ""));
  }
}
