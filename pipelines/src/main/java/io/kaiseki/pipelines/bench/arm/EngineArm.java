package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.policy.PolicyEngine;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Kaiseki's engine alone: all documents are submitted at once, as a backfill. */
public final class EngineArm implements Arm {

  private final ArmKind kind;
  private final LlamaCppSettings settings;
  private final boolean cold;

  /**
   * @param kind {@link ArmKind#ENGINE} for the workload's analysis as it stands, {@link
   *     ArmKind#ENGINE_ARRAY} or {@link ArmKind#ENGINE_WITHOUT_CONFIDENCE}
   * @param settings the model and how it is run, its slots among it
   * @param cold whether instructions are first read when the clock runs
   */
  public EngineArm(ArmKind kind, LlamaCppSettings settings, boolean cold) {
    this.kind = kind;
    this.cold = cold;
    this.settings = settings;
  }

  @Override
  public ArmKind kind() {
    return kind;
  }

  @Override
  public int slots() {
    return settings.slots();
  }

  @Override
  public Pass run(Workload workload, PassProgress progress) {
    Analysis analysis = asked(workload);
    try (InferenceEngine engine = PolicyEngine.around(LlamaCppEngine.source(settings).acquire())) {
      if (!cold) {
        submit(engine, analysis, "warm-up", workload.warmUp()).await(progress);
      }
      EngineStatistics before = engine.statistics();
      long start = System.nanoTime();
      List<EngineCall> calls = new ArrayList<>();
      try {
        for (int i = 0; i < workload.documents().size(); i++) {
          calls.add(
              submit(engine, analysis, "bench-" + i, workload.documents().get(i))
                  .counted(progress));
        }
        TokenTotals tokens = TokenTotals.NONE;
        List<@Nullable GenericRecord> answers = new ArrayList<>();
        for (EngineCall call : calls) {
          Completion completion = call.await(progress);
          tokens = tokens.plus(completion.usage());
          answers.add(completion.answer());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        ModelCalls modelCalls = ModelCalls.between(before, engine.statistics());
        return new Pass(seconds, Optional.of(tokens), Optional.of(modelCalls), answers);
      } finally {
        calls.forEach(EngineCall::cancel);
      }
    }
  }

  @Override
  public void close() {
    // Each pass has ended its engine.
  }

  /** What the engine is asked of each document. */
  Analysis asked(Workload workload) {
    return switch (kind) {
      case ENGINE_ARRAY -> workload.analysis(AnswerLayout.ARRAY);
      case ENGINE_WITHOUT_CONFIDENCE ->
          workload.analysis(workload.analysis().contract().withoutConfidences());
      default -> workload.analysis();
    };
  }

  private static EngineCall submit(
      InferenceEngine engine, Analysis analysis, String id, String document) {
    return EngineCall.submit(engine, analysis, id, document, LANE);
  }

  /** The same settings with another number of slots. */
  public static LlamaCppSettings withSlots(LlamaCppSettings settings, int slots) {
    return new LlamaCppSettings(
        settings.modelFile(),
        settings.modelSha256(),
        slots,
        settings.contextTokens(),
        settings.batchTokens(),
        settings.threads(),
        settings.library());
  }
}
