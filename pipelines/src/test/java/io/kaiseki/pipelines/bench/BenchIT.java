package io.kaiseki.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.job.TinyModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A bench on the real engine and a made-up model. */
class BenchIT {

  @Test
  void every_pass_answers_every_document_and_the_machine_is_measured_beside_it() {
    List<Integer> passes = Collections.synchronizedList(new ArrayList<>());
    LlamaCppSettings settings =
        new LlamaCppSettings(TinyModel.file().toString(), "", 1, 0, 512, 1, "");
    Workload workload = Workload.named("triage", 4).orElseThrow();

    BenchReport report =
        new Bench(settings, workload, List.of(1, 2), 2, 64)
            .run(
                new Bench.Listener() {
                  @Override
                  public void rates(ModelRates rates) {
                    assertThat(rates.prefill()).isPositive();
                    assertThat(rates.decode()).containsOnlyKeys(1, 2);
                  }

                  @Override
                  public void pass(int round, int slots) {
                    passes.add(slots);
                  }

                  @Override
                  public void documents(long done, long total) {
                    assertThat(done).isBetween(1L, total);
                  }
                });

    assertThat(passes).as("the arms take turns").containsExactly(1, 2, 1, 2);
    assertThat(report.rows())
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(row.tokens().documents()).isEqualTo(4);
              assertThat(row.tokens().forced()).isPositive();
              assertThat(row.ceiling()).isPositive();
            });
  }
}
