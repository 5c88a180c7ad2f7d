package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.EngineUnavailableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An engine that finds amid a job that it can run nothing any more. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UnavailableEngineJobTest {

  private static final AtomicInteger DEAD_LETTERS = new AtomicInteger();

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  @Test
  void it_ends_the_job_at_once_whatever_the_restart_strategy_and_without_a_dead_letter() {
    var configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1_000);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    var environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(1);
    try (var engine =
        ScriptedEngine.running(
            (call, index) -> {
              if (index < 3) {
                call.answer();
              } else {
                call.future().completeExceptionally(new EngineUnavailableException("no balance"));
              }
            })) {
      InferenceStreams<String> streams =
          AsyncInference.<String>builder()
              .analysis(Completions.ANALYSIS)
              .engine(engine.source())
              .documentId(document -> document)
              .text(document -> document)
              .capacity(2)
              .build()
              .apply(
                  environment.fromSource(
                      FirstDocuments.source(100), WatermarkStrategy.noWatermarks(), "documents"));
      streams.answered().sinkTo(new DiscardingSink<>());
      streams
          .failed()
          .map(letter -> String.valueOf(DEAD_LETTERS.incrementAndGet()))
          .sinkTo(new DiscardingSink<>());

      assertThatThrownBy(environment::execute)
          .hasStackTraceContaining("InferenceUnavailableException")
          .hasStackTraceContaining("no balance");
      assertThat(DEAD_LETTERS).hasValue(0);
      assertThat(engine.timesAcquired()).isEqualTo(1);
    }
  }
}
