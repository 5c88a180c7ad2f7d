package io.kaiseki.pipelines.bench.arm;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.RestartSettings;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.SchemaIds;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhatArmsAskForTest {

  private static final Workload OBJECTS = Workload.named("triage", 1).orElseThrow();
  private static final Workload ARRAYS =
      Workload.own(OBJECTS.analysis(AnswerLayout.ARRAY), List.of("one", "other"));

  private static final JobSettings NOWHERE =
      new JobSettings(
          "bench",
          KafkaSettings.plain("127.0.0.1:1"),
          RegistrySettings.of("http://127.0.0.1:1"),
          new DeliverySettings(
              DeliverySettings.Guarantee.EXACTLY_ONCE,
              "file:///nowhere",
              Duration.ofSeconds(1),
              Duration.ofMinutes(1),
              Duration.ofMinutes(2)),
          new RestartSettings(1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
          1);

  @Test
  void the_engine_answers_in_the_layout_of_the_analysis() {
    assertThat(layout(ArmKind.ENGINE, OBJECTS)).isEqualTo(AnswerLayout.OBJECT);
    assertThat(layout(ArmKind.ENGINE, ARRAYS)).isEqualTo(AnswerLayout.ARRAY);
  }

  @Test
  void engine_array_answers_in_arrays_whatever_the_analysis_says() {
    assertThat(layout(ArmKind.ENGINE_ARRAY, OBJECTS)).isEqualTo(AnswerLayout.ARRAY);
    assertThat(layout(ArmKind.ENGINE_ARRAY, ARRAYS)).isEqualTo(AnswerLayout.ARRAY);
  }

  @Test
  void what_writes_under_a_grammar_of_objects_is_asked_for_objects() {
    assertThat(PromptText.marked(LlamaModelArm.asked(ARRAYS), "one"))
        .isEqualTo(PromptText.marked(OBJECTS.analysis(), "one"))
        .isNotEqualTo(PromptText.marked(ARRAYS.analysis(), "one"));
    assertThat(LlamaModelArm.asked(ARRAYS).contract().layout()).isEqualTo(AnswerLayout.OBJECT);
  }

  @Test
  void engine_no_confidence_asks_for_the_same_without_confidences() {
    Contract asked = contract(ArmKind.ENGINE_WITHOUT_CONFIDENCE, OBJECTS);

    assertThat(asked.confident()).isFalse();
    assertThat(asked.schema()).isEqualTo(OBJECTS.analysis().contract().schema());
    assertThat(contract(ArmKind.ENGINE, OBJECTS).confident()).isTrue();
  }

  @Test
  void masking_and_long_documents_of_an_analysis_hold_in_the_job_and_one_by_one_too() {
    Analysis plain = OBJECTS.analysis();
    MaskingPolicy masking = new MaskingPolicy(List.of(MaskedValue.Known.EMAIL), "DE", false);
    Analysis careful =
        new Analysis(
            plain.name(),
            plain.version(),
            plain.instructions(),
            plain.contract(),
            plain.reasoning(),
            LongDocuments.SPLIT,
            masking);

    Analysis ofTheJob =
        PipelineArm.definition("bench", careful, PipelineRelay.NO_MODEL).toAnalysis();

    assertThat(List.of(ofTheJob, SequentialArm.turns(careful).get(0)))
        .allSatisfy(
            asked -> {
              assertThat(asked.longDocuments()).isEqualTo(LongDocuments.SPLIT);
              assertThat(asked.masking()).isEqualTo(masking);
            });
  }

  @Test
  void the_job_s_documents_are_in_the_lane_of_those_that_the_engine_is_given_alone() {
    AnalysisJob job =
        PipelineArm.analysisJob(
            PipelineArm.definition("bench", OBJECTS.analysis(), PipelineRelay.NO_MODEL),
            NOWHERE,
            InstantEngine.source(),
            new SchemaIds(1, 2));

    assertThat(job.input().lane())
        .as("live ones may use more sequences than there are slots")
        .isEqualTo(Arm.LANE)
        .isEqualTo(Lane.BACKFILL);
    assertThat(job.input().topic()).contains("bench.documents");
  }

  private static AnswerLayout layout(ArmKind kind, Workload workload) {
    return contract(kind, workload).layout();
  }

  private static Contract contract(ArmKind kind, Workload workload) {
    return new EngineArm(kind, LlamaCppSettings.of("model.gguf"), false).asked(workload).contract();
  }
}
