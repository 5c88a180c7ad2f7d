package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.TinyModel;
import org.apache.flink.api.common.typeinfo.Types;
import org.junit.jupiter.api.Test;

/** An analysis that would make a dead letter of every document. */
class UnrunnableAnalysisIT {

  @Test
  void it_is_refused_at_the_start_with_the_arithmetic_and_what_to_change() {
    Analysis analysis =
        new Analysis(
            "ticket-triage",
            "endless",
            "Sort tickets.",
            Completions.ANALYSIS.contract(),
            new ReasoningPolicy.Always(1 << 20));
    AsyncInference<String> inference =
        AsyncInference.<String>builder()
            .analysis(analysis)
            .engine(
                LlamaCppEngine.source(
                    new LlamaCppSettings(
                        TinyModel.file().toString(),
                        "",
                        1,
                        4_096,
                        256,
                        1,
                        LlamaCppSettings.SHIPPED_LIBRARY)))
            .documentId(document -> document)
            .text(document -> document)
            .build();

    assertThatThrownBy(() -> InferenceHarness.open(inference, Types.STRING))
        .isInstanceOf(InferenceUnavailableException.class)
        .hasMessageContainingAll(
            "analysis ticket-triage",
            "the context (3840)",
            "end of prompt, reasoning and answer 105",
            "lower reasoning.budget");
  }
}
