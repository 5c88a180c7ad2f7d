package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.gguf.MemoryEstimate;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.gguf.ModelShape;
import java.util.Optional;

/**
 * What an engine takes beside the Java heap. Native memory is outside every budget of the JVM and
 * of Flink: what does not fit is told before the kernel ends the process. Nothing here loads a
 * model.
 */
public final class ModelMemory {

  /** Cells per slot where the context is derived: a page of text, its answer, some reasoning. */
  private static final int CELLS_PER_SLOT = 1536;

  /** Cells for shared prefixes where the context is derived. */
  private static final int PREFIX_CELLS = 4096;

  private ModelMemory() {}

  /**
   * Whether an engine with these settings would fit into the memory that is available now.
   *
   * @param model the settings' model file
   * @return what is missing, with the arithmetic and what to do; empty if it fits
   */
  public static Optional<String> shortage(LlamaCppSettings settings, ModelFile model) {
    return shortage(settings, model, LibraryChoice.layout(settings.library()).cells());
  }

  /**
   * What an engine with these settings takes, on the build of llama.cpp that they mean here.
   *
   * @param model the settings' model file
   */
  public static MemoryEstimate of(LlamaCppSettings settings, ModelFile model) {
    return of(settings, model, LibraryChoice.layout(settings.library()).cells());
  }

  /**
   * What an engine with these settings would take for a published model, before there is a file.
   *
   * @param shape the model; the settings' file is not looked at
   */
  public static MemoryEstimate of(LlamaCppSettings settings, ModelShape shape) {
    return MemoryEstimate.of(
        shape,
        askedCells(settings, LibraryChoice.layout(settings.library()).cells()),
        settings.batchTokens(),
        Scheduler.outputs(settings.slots()));
  }

  /** Cells of the context, as given or derived. */
  static int contextTokens(LlamaCppSettings settings) {
    return settings.contextTokens() > 0
        ? settings.contextTokens()
        : Admission.slotSequences(settings.slots()) * CELLS_PER_SLOT + PREFIX_CELLS;
  }

  /**
   * @param cells how the build reaches its KV cells, of which it may need some to spare
   * @return what is missing, with the arithmetic; empty if the model fits
   */
  static Optional<String> shortage(LlamaCppSettings settings, ModelFile model, KvCells.Api cells) {
    MemoryEstimate estimate = of(settings, model, cells);
    long available = AvailableMemory.bytes();
    return estimate.fitsIn(available)
        ? Optional.empty()
        : Optional.of(
            "does not fit into the memory that is available ("
                + (available >> 20)
                + " MiB): "
                + estimate.explain()
                + "; use a smaller model, fewer model.slots or a smaller model.context-tokens");
  }

  static MemoryEstimate of(LlamaCppSettings settings, ModelFile model, KvCells.Api cells) {
    return MemoryEstimate.of(
        model,
        askedCells(settings, cells),
        settings.batchTokens(),
        Scheduler.outputs(settings.slots()));
  }

  /** What the context will be asked for, which is more than the settings say. */
  private static int askedCells(LlamaCppSettings settings, KvCells.Api cells) {
    long asked = (long) contextTokens(settings) + cells.spare(settings.batchTokens());
    return (int) Math.min(Integer.MAX_VALUE, asked);
  }
}
