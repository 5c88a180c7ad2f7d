package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.openai.ApiKey;
import io.kaiseki.inference.openai.OpenAiEngine;
import io.kaiseki.inference.openai.OpenAiSettings;
import io.kaiseki.inference.policy.PolicyEngine;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks OpenAI's chat completions, asked by the engine that a job would ask it with.
 * It has its own model, prompt format and machine; what is compared is what a user would get.
 */
public final class OpenAiArm implements Arm {

  private final OpenAiSettings settings;
  private final boolean cold;

  /**
   * @param slots requests at the same time
   * @param cold whether the server is given no document before the clock starts; the instructions
   *     that it keeps from the pass before are its own affair
   */
  public OpenAiArm(OpenAiServer server, int slots, Sizing sizing, boolean cold) {
    this.cold = cold;
    settings =
        new OpenAiSettings(
            List.of(server.url()),
            server.model(),
            server.key().map(key -> ApiKey.of(key.reveal())).orElse(null),
            slots,
            sizing.answer(),
            "");
  }

  @Override
  public ArmKind kind() {
    return ArmKind.OPENAI;
  }

  @Override
  public int slots() {
    return settings.slots();
  }

  @Override
  public Pass run(Workload workload, PassProgress progress) {
    List<String> problems = OpenAiEngine.problems(settings);
    if (!problems.isEmpty()) {
      throw new ArmFailedException(String.join("; ", problems));
    }
    List<EngineCall> calls = new ArrayList<>();
    try (InferenceEngine engine = PolicyEngine.around(OpenAiEngine.source(settings).acquire())) {
      if (!cold) {
        warmUp(engine, workload, progress);
      }
      long start = System.nanoTime();
      for (int i = 0; i < workload.documents().size(); i++) {
        calls.add(
            submit(engine, workload, "bench-" + i, workload.documents().get(i)).counted(progress));
      }
      TokenTotals tokens = TokenTotals.NONE;
      List<@Nullable GenericRecord> answers = new ArrayList<>();
      for (EngineCall call : calls) {
        Outcome outcome = progress.await(call.future());
        if (outcome instanceof Outcome.Answered answered) {
          tokens = tokens.plus(answered.completion().usage());
          answers.add(answered.completion().answer());
        } else if (((Outcome.Failed) outcome).reason() == FailureReason.INVALID_ANSWER) {
          // A server need not hold its model to the schema; that is told, and no failure.
          answers.add(null);
        } else {
          throw new ArmFailedException(((Outcome.Failed) outcome).message());
        }
      }
      return new Pass(
          (System.nanoTime() - start) / 1e9, Optional.of(tokens), Optional.empty(), answers);
    } catch (EngineUnavailableException e) {
      throw new ArmFailedException(String.valueOf(e.getMessage()), e);
    } finally {
      calls.forEach(EngineCall::cancel);
    }
  }

  /** All at once, so that a server which caches prompts by slot has the instructions in each. */
  private void warmUp(InferenceEngine engine, Workload workload, PassProgress progress) {
    List<EngineCall> calls = new ArrayList<>();
    for (int slot = 0; slot < slots(); slot++) {
      calls.add(submit(engine, workload, "warm-up-" + slot, workload.warmUp()));
    }
    calls.forEach(call -> progress.await(call.future()));
  }

  @Override
  public void close() {
    // Each pass has ended its engine.
  }

  private static EngineCall submit(
      InferenceEngine engine, Workload workload, String id, String document) {
    return EngineCall.submit(engine, workload.analysis(), id, document, LANE);
  }
}
