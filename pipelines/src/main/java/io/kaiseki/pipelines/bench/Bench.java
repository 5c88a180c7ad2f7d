package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelRates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a workload at several numbers of slots, round by round, so that a machine whose speed drifts
 * treats all of them alike.
 *
 * <p>The ceiling is what the machine's own rates would allow for the very tokens that the engine
 * had the model compute: documents and forced tokens at the rate of full batches, sampled ones at
 * that of so many sequences decoding together.
 */
public final class Bench {

  /** Hears what is being done; called on the bench's own thread, and documents on the engine's. */
  public interface Listener {
    /** The machine's rates are measured. */
    void rates(ModelRates rates);

    /** A pass begins. */
    void pass(int round, int slots);

    /** A pass has come so far. */
    void documents(long done, long total);
  }

  private final LlamaCppSettings settings;
  private final Workload workload;
  private final List<Integer> slots;
  private final int rounds;
  private final int depth;

  /**
   * @param settings the model and how it is run; the slots come from {@code slots}
   * @param slots numbers of slots to compare
   * @param rounds passes for each of them, at least 1
   * @param depth tokens in front of a decoded one when the ceiling is measured
   */
  public Bench(
      LlamaCppSettings settings, Workload workload, List<Integer> slots, int rounds, int depth) {
    this.settings = settings;
    this.workload = workload;
    this.slots = List.copyOf(slots);
    this.rounds = rounds;
    this.depth = depth;
  }

  /** Runs all of it; takes minutes to hours. */
  public BenchReport run(Listener listener) {
    ModelRates rates = ModelRates.measure(settings, depth, slots);
    listener.rates(rates);
    Map<Integer, List<EngineRun>> runs = new TreeMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (int count : slots) {
        listener.pass(round, count);
        runs.computeIfAbsent(count, key -> new ArrayList<>())
            .add(
                EngineRun.of(
                    LlamaCppEngine.source(withSlots(count)),
                    workload,
                    done -> listener.documents(done, workload.documents().size())));
      }
    }
    return new BenchReport(settings.modelFile(), workload.name(), rates, runs);
  }

  /** No answer is reused: what is measured is the model. */
  private LlamaCppSettings withSlots(int count) {
    return new LlamaCppSettings(
        settings.modelFile(),
        settings.modelSha256(),
        count,
        settings.contextTokens(),
        settings.batchTokens(),
        settings.threads(),
        settings.library(),
        0);
  }
}
