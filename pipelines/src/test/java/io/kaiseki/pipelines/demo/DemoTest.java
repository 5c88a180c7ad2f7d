package io.kaiseki.pipelines.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.job.TinyModel;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemoTest {

  /** What the operator takes at a time, for each slot, unless told otherwise. */
  private static final int HELD_PER_SLOT = 3;

  private final AnalysisDefinition definition = Demo.definition(TinyModel.file());
  private final Duration deadline = definition.limits().deadline();

  @Test
  void tickets_that_wait_for_a_model_of_two_minutes_each_miss_no_deadline() {
    assertThat(deadline)
        .isGreaterThan(
            Duration.ofMinutes(2).multipliedBy((long) HELD_PER_SLOT * definition.model().slots()));
  }

  @Test
  void checkpoints_outlast_a_document_and_transactions_a_checkpoint_with_all_restarts() {
    JobSettings job =
        Demo.settings(
            DeliverySettings.Guarantee.EXACTLY_ONCE,
            Path.of("checkpoints"),
            KafkaSettings.plain("localhost:1"),
            RegistrySettings.of("http://localhost:1"));
    DeliverySettings delivery = job.delivery();
    assertThat(delivery.checkpointTimeout()).isGreaterThan(deadline);
    assertThat(delivery.transactionTimeout())
        .isGreaterThan(
            delivery
                .checkpointInterval()
                .plus(delivery.checkpointTimeout())
                .plus(job.restart().longest()));
  }
}
