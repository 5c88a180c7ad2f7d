package io.kaiseki.inference;

import java.util.concurrent.CompletableFuture;

/** Has every request computed, as measurements need it; see {@link CompletionRequest#fresh}. */
public final class FreshEngine extends ForwardingEngine {

  private FreshEngine(InferenceEngine engine) {
    super(engine);
  }

  /** Where to get such an engine in front of another one. */
  public static EngineSource source(EngineSource source) {
    return () -> new FreshEngine(source.acquire());
  }

  @Override
  public CompletableFuture<Outcome> submit(CompletionRequest request) {
    return engine.submit(request.asFresh());
  }
}
