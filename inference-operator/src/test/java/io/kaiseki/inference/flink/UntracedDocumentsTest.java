package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.telemetry.TraceContext;
import org.apache.flink.api.common.typeinfo.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a trace in a process that has set no telemetry up. */
class UntracedDocumentsTest {

  private final ScriptedEngine engine = ScriptedEngine.holding();

  @AfterEach
  void endEngine() {
    engine.close();
  }

  @Test
  void where_nobody_listens_the_producers_trace_is_handed_on_as_it_came() throws Exception {
    try (var harness =
        InferenceHarness.open(TracedInference.ofProducer(engine).build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).answer();

      assertThat(harness.awaitOutput(1).get(0).trace()).isEqualTo(TracedInference.PRODUCER);
    }
  }

  @Test
  void where_nobody_listens_a_document_without_a_trace_gets_none() throws Exception {
    try (var harness =
        InferenceHarness.open(TracedInference.untold(engine).build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).answer();

      assertThat(harness.awaitOutput(1).get(0).trace()).isEqualTo(TraceContext.NONE);
    }
  }
}
