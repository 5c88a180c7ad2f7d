package io.kaiseki.pipelines.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.eval.run.PassListener;
import io.kaiseki.pipelines.eval.score.Runs;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

  @Test
  void policies_that_the_engine_can_not_run_are_told_together_before_the_first_run() {
    NarrowEngine engine = new NarrowEngine();
    List<ReasoningPolicy> policies =
        List.of(
            ReasoningPolicy.OFF,
            new ReasoningPolicy.WhenUnsure(0.5, 999),
            new ReasoningPolicy.Always(999));
    EvalPlan plan =
        new EvalPlan(
            Runs.pass(ReasoningPolicy.OFF, List.of(Runs.answered("billing", 0.9, 0))).analysis(),
            Runs.labels("billing"),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.of(
                new EvalPlan.FrontierPlan(policies, List.of("topic"), OptionalDouble.empty())));

    assertThatThrownBy(() -> new Evaluator(plan, () -> engine, new NoRun(), () -> false).run())
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessage(
            "reasoning when-unsure(0.5,999), always(999): no room; --budget sets the budget");
    assertThat(engine.closed).isTrue();
  }

  /** Has no room for much thinking. */
  private static final class NarrowEngine implements InferenceEngine {
    private boolean closed;

    @Override
    public Optional<String> unsupported(Analysis analysis) {
      return analysis.reasoning().maxTokens() > 100 ? Optional.of("no room") : Optional.empty();
    }

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      throw new AssertionError("no document is asked about");
    }

    @Override
    public EngineDescription description() {
      return new EngineDescription("narrow", "", "none", "", 1, 128);
    }

    @Override
    public EngineStatistics statistics() {
      return EngineStatistics.NONE;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static final class NoRun implements PassListener {
    @Override
    public void begins(int number, int of, String policy) {
      throw new AssertionError("no run begins");
    }

    @Override
    public void documents(long done, long total) {}

    @Override
    public void ends() {}
  }
}
