package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.policy.PolicyEngine;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The same engine as a plain program would use it: one document after the other, and the whole
 * prompt read for each. What sharing the instructions and decoding side by side are worth is the
 * difference to {@link EngineArm}.
 */
public final class SequentialArm implements Arm {

  /** More than the engine keeps instructions of. */
  private static final int TURNS = 9;

  private final LlamaCppSettings settings;

  public SequentialArm(LlamaCppSettings settings, Sizing sizing) {
    this.settings =
        new LlamaCppSettings(
            settings.modelFile(),
            settings.modelSha256(),
            1,
            sizing.contextOfOne(),
            settings.batchTokens(),
            settings.threads(),
            settings.library());
  }

  @Override
  public ArmKind kind() {
    return ArmKind.SEQUENTIAL;
  }

  @Override
  public int slots() {
    return 1;
  }

  @Override
  public Pass run(Workload workload, PassProgress progress) {
    List<Analysis> turns = turns(workload.analysis());
    try (InferenceEngine engine = PolicyEngine.around(LlamaCppEngine.source(settings).acquire())) {
      // What the engine works out once for an analysis is no part of a document's time.
      turns.forEach(turn -> submit(engine, turn, "compiled", workload.warmUp()).cancel());
      answer(engine, turns.get(turns.size() - 1), "warm-up", workload.warmUp(), progress);
      long start = System.nanoTime();
      TokenTotals tokens = TokenTotals.NONE;
      List<@Nullable GenericRecord> answers = new ArrayList<>();
      for (int i = 0; i < workload.documents().size(); i++) {
        Analysis turn = turns.get(i % turns.size());
        Completion completion =
            answer(engine, turn, "bench-" + i, workload.documents().get(i), progress);
        if (completion.usage().prefixReused()) {
          throw new ArmFailedException(
              "the engine has shared instructions between documents, so this is no measurement"
                  + " without sharing");
        }
        progress.answered();
        tokens = tokens.plus(completion.usage());
        answers.add(completion.answer());
      }
      return new Pass(
          (System.nanoTime() - start) / 1e9, Optional.of(tokens), Optional.empty(), answers);
    }
  }

  @Override
  public void close() {
    // Each pass has ended its engine.
  }

  private static Completion answer(
      InferenceEngine engine,
      Analysis analysis,
      String id,
      String document,
      PassProgress progress) {
    EngineCall call = submit(engine, analysis, id, document);
    try {
      return call.await(progress);
    } finally {
      call.cancel();
    }
  }

  private static EngineCall submit(
      InferenceEngine engine, Analysis analysis, String id, String document) {
    return EngineCall.submit(engine, analysis, id, document, LANE);
  }

  /**
   * The same question under several versions. The engine shares what belongs to one analysis only,
   * and by the time that a version comes round again, its instructions have made room for others.
   */
  static List<Analysis> turns(Analysis analysis) {
    return IntStream.range(0, TURNS)
        .mapToObj(
            turn ->
                new Analysis(
                    analysis.name(),
                    analysis.version() + "-" + turn,
                    analysis.instructions(),
                    analysis.contract(),
                    analysis.reasoning(),
                    analysis.longDocuments(),
                    analysis.masking()))
        .toList();
  }
}
