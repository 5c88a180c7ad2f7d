package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.EngineUnavailableException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * How an engine comes by its model: the engine's thread loads it, which may take minutes, and any
 * number of others wait for that.
 */
final class Loading {

  private final String modelFile;
  private final CompletableFuture<LoadedModel> model = new CompletableFuture<>();

  Loading(String modelFile) {
    this.modelFile = modelFile;
  }

  /** Whether there is a model, or there will be none. */
  boolean isOver() {
    return model.isDone();
  }

  void ended(LoadedModel loaded) {
    model.complete(loaded);
  }

  /**
   * Says that there will be no model.
   *
   * @param cause a {@link CancellationException} if the engine was closed meanwhile
   * @return whether there was none before either
   */
  boolean failed(Throwable cause) {
    return model.completeExceptionally(cause);
  }

  /**
   * Waits until the model is loaded. That goes on if the caller is interrupted.
   *
   * @throws EngineUnavailableException if the model or the library can't be used
   * @throws IllegalStateException if the engine is closed meanwhile, or the caller interrupted
   */
  void await() {
    try {
      model.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "interrupted while model.file = " + modelFile + " was loaded", e);
    } catch (CancellationException e) {
      throw new IllegalStateException(
          "the engine was closed while model.file = " + modelFile + " was loaded", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EngineUnavailableException unavailable) {
        throw unavailable;
      }
      throw new EngineUnavailableException(
          "model.file = " + modelFile + " can't be started: " + e.getCause(), e.getCause());
    }
  }

  /** The model, for those who have waited for it. */
  LoadedModel model() {
    return model.join();
  }
}
