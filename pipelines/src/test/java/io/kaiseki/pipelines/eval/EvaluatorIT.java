package io.kaiseki.pipelines.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.eval.labels.Label;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import io.kaiseki.pipelines.eval.labels.LabelledField;
import io.kaiseki.pipelines.eval.labels.Labels;
import io.kaiseki.pipelines.eval.report.EvalReport;
import io.kaiseki.pipelines.eval.run.PassListener;
import io.kaiseki.pipelines.eval.score.Frontier;
import io.kaiseki.pipelines.eval.score.Prediction;
import io.kaiseki.pipelines.job.TinyModel;
import io.kaiseki.pipelines.serve.ChatServer;
import io.kaiseki.pipelines.serve.ServeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluatorIT {

  @Test
  void a_stop_ends_the_job_and_what_comes_after_runs_as_if_nothing_had_been() {
    AtomicLong answered = new AtomicLong();
    PassListener listener =
        new PassListener() {
          @Override
          public void begins(int number, int of, String policy) {
            answered.set(0);
          }

          @Override
          public void documents(long done, long total) {
            answered.set(done);
          }

          @Override
          public void ends() {}
        };
    EvalPlan many = plan(2_000);

    assertThatThrownBy(() -> new Evaluator(many, listener, () -> answered.get() > 0).run())
        .isInstanceOf(CancellationException.class);
    assertThat(answered.get()).isBetween(1L, 1_999L);

    EvalReport report = new Evaluator(plan(3), listener, () -> false).run();
    assertThat(report.evaluation().answered()).isEqualTo(3);
    assertThat(answered.get()).isEqualTo(3);
  }

  @Test
  void a_document_that_comes_twice_is_computed_twice() {
    EvalReport once = new Evaluator(planOf(7), new Silent(), () -> false).run();
    EvalReport twice = new Evaluator(planOf(7, 7), new Silent(), () -> false).run();

    assertThat(twice.evaluation().usage().document())
        .as("an answer from memory would have no tokens")
        .isEqualTo(once.evaluation().usage().document());
  }

  @Test
  void a_second_evaluation_of_a_served_model_is_computed_like_the_first() {
    ServeSettings anyPort =
        new ServeSettings(
            "127.0.0.1",
            0,
            Optional.empty(),
            1 << 20,
            10,
            Duration.ofMinutes(1),
            Optional.empty(),
            OptionalInt.empty());
    try (InferenceEngine engine =
            LlamaCppEngine.source(
                    new LlamaCppSettings(
                        TinyModel.file().toString(), "", 2, 0, 512, 1, "shipped", 1_000))
                .acquire();
        ChatServer server = ChatServer.start(anyPort, engine)) {
      AnalysisDefinition remote =
          Analyses.load(
                  "./analyses/bank-intent",
                  AnalysisOverrides.none()
                      .with(AnalysisKeys.MODEL_ENDPOINT, server.url().toString(), "model.endpoint")
                      .with(AnalysisKeys.MODEL_NAME, server.models().get(0), "model.name"))
              .withReasoning(ReasoningPolicy.OFF);
      EvalReport first = new Evaluator(planOf(remote, 7), new Silent(), () -> false).run();
      EvalReport second = new Evaluator(planOf(remote, 7), new Silent(), () -> false).run();

      assertThat(first.evaluation().usage().document()).isPositive();
      assertThat(second.evaluation().usage().document())
          .as("an answer from memory would have no tokens")
          .isEqualTo(first.evaluation().usage().document());
      assertThat(engine.statistics().reused()).isZero();
    }
  }

  @Test
  void policies_take_turns_over_parts_of_the_documents() {
    List<String> begun = new ArrayList<>();
    PassListener listener =
        new Silent() {
          @Override
          public void begins(int number, int of, String policy) {
            begun.add(number + " of " + of + " " + policy);
          }
        };
    EvalPlan alone = plan(30);
    EvalPlan.FrontierPlan policies =
        new EvalPlan.FrontierPlan(
            List.of(ReasoningPolicy.OFF, new ReasoningPolicy.Always(4)),
            List.of("intent"),
            OptionalDouble.empty());
    EvalPlan plan =
        new EvalPlan(
            alone.definition(),
            alone.labels(),
            alone.costPerHour(),
            alone.former(),
            Optional.of(policies));

    EvalReport report = new Evaluator(plan, listener, () -> false).run();

    assertThat(begun)
        .containsExactly(
            "1 of 6 off",
            "2 of 6 always(4)",
            "3 of 6 always(4)",
            "4 of 6 off",
            "5 of 6 off",
            "6 of 6 always(4)");
    Frontier frontier = report.frontier().orElseThrow();
    assertThat(frontier.points())
        .allSatisfy(
            point -> {
              assertThat(point.evaluation().answered()).isEqualTo(30);
              assertThat(point.speedup().count()).isEqualTo(3);
            });
    assertThat(frontier.always().speedup().median()).isEqualTo(1);
    assertThat(frontier.points().get(0).evaluation().usage().computed())
        .isLessThan(frontier.always().evaluation().usage().computed());
    assertThat(frontier.points().get(0).evaluation().predictions())
        .extracting(Prediction::id)
        .containsExactlyElementsOf(
            alone.labels().documents().stream().map(LabelledDocument::id).toList());
  }

  private static EvalPlan plan(int documents) {
    return planOf(IntStream.range(0, documents).toArray());
  }

  private static EvalPlan planOf(int... numbers) {
    return planOf(
        Analyses.load(
            "./analyses/bank-intent",
            AnalysisOverrides.none()
                .with(AnalysisKeys.MODEL_FILE, TinyModel.file().toString(), "--model")
                .with(AnalysisKeys.MODEL_LIBRARY, "shipped", "model.library")
                .with(AnalysisKeys.REASONING_BUDGET, 4, "reasoning.budget")),
        numbers);
  }

  private static EvalPlan planOf(AnalysisDefinition definition, int... numbers) {
    LabelledField intent =
        new LabelledField("intent", "intent", definition.contract().type().fields().get(0).type());
    List<LabelledDocument> documents =
        IntStream.range(0, numbers.length)
            .mapToObj(
                i ->
                    new LabelledDocument(
                        "d" + i,
                        Optional.empty(),
                        "Where is card number " + numbers[i] + "?",
                        Map.of("intent", new Label.Closed("card_arrival"))))
            .toList();
    return new EvalPlan(
        definition,
        new Labels("made-up.csv", documents.size(), List.of(intent), documents),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static class Silent implements PassListener {
    @Override
    public void begins(int number, int of, String policy) {}

    @Override
    public void documents(long done, long total) {}

    @Override
    public void ends() {}
  }
}
