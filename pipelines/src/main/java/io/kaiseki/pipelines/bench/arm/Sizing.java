package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.inference.policy.PolicyEngine;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.util.function.BooleanSupplier;

/**
 * How large a workload is in the tokens of a model.
 *
 * @param prefix tokens of the instructions
 * @param document tokens of the longest document, with the end of the prompt
 * @param reasoning most tokens of reasoning
 * @param answer most tokens of an answer
 * @param typicalOutput tokens of reasoning and answer of one document as it came
 * @param build the llama.cpp build that the engine runs on
 */
public record Sizing(
    int prefix, int document, int reasoning, int answer, int typicalOutput, String build) {

  /** Cells that an engine keeps beside those of its requests, and rounding. */
  private static final int ENGINE_MARGIN = 512;

  /** Tokens between prompt, reasoning and answer. */
  private static final int MARKERS = 16;

  /** Has the engine answer the longest document once, with one slot. */
  public static Sizing measure(
      LlamaCppSettings settings, Workload workload, BooleanSupplier stopRequested) {
    EngineSource source = LlamaCppEngine.source(EngineArm.withSlots(settings, 1));
    try (InferenceEngine engine = PolicyEngine.around(source.acquire())) {
      PassProgress progress = new PassProgress(stopRequested, done -> {});
      TokenUsage usage =
          EngineCall.submit(
                  engine, workload.analysis(), "sizing", workload.longest(), Lane.BACKFILL)
              .await(progress)
              .usage();
      return new Sizing(
          usage.prefix(),
          usage.document(),
          workload.analysis().reasoning().maxTokens(),
          GbnfGrammar.maxTokens(workload.analysis().contract().type()),
          usage.output(),
          engine.description().build());
    }
  }

  /** Tokens of the longest prompt. */
  public int prompt() {
    return prefix + document + MARKERS;
  }

  /** Where tokens stand, for the machine's rates: decoding is measured half way into an answer. */
  public ModelRates.Lengths lengths() {
    return new ModelRates.Lengths(prefix, document, prefix + document + typicalOutput / 2);
  }

  /** Twice what so many sequences take that share nothing. */
  public int roomyContext(int slots) {
    return 2 * slots * (prompt() + reasoning + answer + MARKERS);
  }

  /**
   * A context that holds one request of an engine, and no instructions but its own: what was read
   * for an earlier document has to make room.
   */
  public int contextOfOne() {
    return prompt() + reasoning + answer + ENGINE_MARGIN;
  }
}
