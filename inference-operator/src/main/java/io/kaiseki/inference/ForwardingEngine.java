package io.kaiseki.inference;

import java.util.Optional;

/** An engine in front of another one: all but what it changes is the other's. */
public abstract class ForwardingEngine implements InferenceEngine {

  /** The one behind. */
  protected final InferenceEngine engine;

  /**
   * @param engine the caller's hold; it is closed with this one
   */
  protected ForwardingEngine(InferenceEngine engine) {
    this.engine = engine;
  }

  @Override
  public final Optional<DocumentMeter> meter(Analysis analysis) {
    return engine.meter(analysis);
  }

  @Override
  public final Optional<String> unsupported(Analysis analysis) {
    return engine.unsupported(analysis);
  }

  @Override
  public final boolean ended() {
    return engine.ended();
  }

  @Override
  public final EngineDescription description() {
    return engine.description();
  }

  @Override
  public final EngineStatistics statistics() {
    return engine.statistics();
  }

  @Override
  public void close() {
    engine.close();
  }
}
