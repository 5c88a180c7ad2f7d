package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.InferenceEngine;
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
 * @param longestDocument tokens of the longest document, with the end of the prompt
 * @param reasoning most tokens of reasoning
 * @param answer most tokens of an answer
 * @param typicalDocument tokens of the document of median length, with the end of the prompt
 * @param typicalOutput tokens of reasoning and answer of that one as they came
 * @param build the llama.cpp build that the engine runs on
 */
public record Sizing(
    int prefix,
    int longestDocument,
    int reasoning,
    int answer,
    int typicalDocument,
    int typicalOutput,
    String build) {

  /** Cells that an engine keeps beside those of its requests, and rounding. */
  private static final int ENGINE_MARGIN = 512;

  /** Tokens between prompt, reasoning and answer. */
  private static final int MARKERS = 16;

  /** Has the engine answer the longest document and a typical one, once each, with one slot. */
  public static Sizing measure(
      LlamaCppSettings settings, Workload workload, BooleanSupplier stopRequested) {
    LlamaCppSettings oneSlot = EngineArm.withSlots(settings, 1);
    try (InferenceEngine engine = PolicyEngine.around(LlamaCppEngine.source(oneSlot).acquire())) {
      return measure(engine, workload, new PassProgress(stopRequested, done -> {}));
    }
  }

  static Sizing measure(InferenceEngine engine, Workload workload, PassProgress progress) {
    TokenUsage longest = usage(engine, workload, workload.longest(), progress);
    TokenUsage typical =
        workload.typical().equals(workload.longest())
            ? longest
            : usage(engine, workload, workload.typical(), progress);
    return new Sizing(
        longest.prefix(),
        longest.document(),
        workload.analysis().reasoning().maxTokens(),
        GbnfGrammar.maxTokens(workload.analysis().contract().type()),
        typical.document(),
        typical.output(),
        engine.description().build());
  }

  private static TokenUsage usage(
      InferenceEngine engine, Workload workload, String document, PassProgress progress) {
    return EngineCall.submit(engine, workload.analysis(), "sizing", document, Arm.LANE)
        .await(progress)
        .usage();
  }

  /** Tokens of the longest prompt. */
  public int prompt() {
    return prefix + longestDocument + MARKERS;
  }

  /**
   * Where tokens stand, for the machine's rates: those of a typical document, for they are held
   * against the tokens of all. Decoding is measured half way into its answer.
   */
  public ModelRates.Lengths lengths() {
    return new ModelRates.Lengths(
        prefix, typicalDocument, prefix + typicalDocument + typicalOutput / 2);
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
