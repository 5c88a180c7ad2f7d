package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class AsyncInferenceTest {

  private static final EngineSource NO_ENGINE =
      () -> {
        throw new EngineUnavailableException("not started while the graph is built");
      };

  @Test
  void all_problems_are_reported_together_each_with_its_option_and_value() {
    var builder =
        AsyncInference.<String>builder()
            .text(document -> document)
            .deadline(Duration.ZERO)
            .slots(0)
            .capacity(-1)
            .retries(0, Duration.ofSeconds(-2))
            .parallelism(0)
            .name(" ")
            .uid("");

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "analysis must be given",
            "engine must be given",
            "documentId must be given",
            "deadline must be from 1 ms to 365 days, but is PT0S",
            "slots must be at least 1, but is 0",
            "capacity must be at least 1, but is -1",
            "retries(maxAttempts) must be at least 1, but is 0",
            "retries(backoff) must be from 0 to 365 days, but is PT-2S",
            "parallelism must be at least 1, but is 0",
            "name must be some text",
            "uid must be some text")
        .hasMessageNotContaining("text must be given");
  }

  @Test
  void the_defaults_are_two_minutes_two_attempts_and_three_documents_a_slot() {
    InferenceOptions<String> options = inference().build().options();

    assertThat(options.deadline()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.maxAttempts()).isEqualTo(2);
    assertThat(options.backoff()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.capacity()).isEqualTo(24);
  }

  @Test
  void the_capacity_follows_the_slots_unless_it_is_given() {
    assertThat(inference().slots(4).build().options().capacity()).isEqualTo(12);
    assertThat(inference().slots(4).capacity(5).build().options().capacity()).isEqualTo(5);
  }

  @Test
  void a_deadline_beyond_what_clocks_can_count_is_refused() {
    assertThatThrownBy(() -> inference().deadline(Duration.ofSeconds(Long.MAX_VALUE)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deadline must be from");
  }

  @Test
  void the_operators_carry_names_ids_and_parallelism_into_the_graph() {
    var environment = StreamExecutionEnvironment.getExecutionEnvironment();
    InferenceStreams<String> streams =
        inference().parallelism(3).build().apply(environment.fromData("a"));
    streams.answered().sinkTo(new DiscardingSink<>());

    List<StreamNode> nodes =
        environment.getStreamGraph().getStreamNodes().stream()
            .filter(node -> node.getOperatorName().startsWith("analyse ticket-triage"))
            .toList();

    assertThat(nodes)
        .extracting(StreamNode::getTransformationUID)
        .containsExactlyInAnyOrder("inference-ticket-triage", "inference-ticket-triage-split");
    assertThat(nodes).extracting(StreamNode::getParallelism).containsOnly(3);
  }

  @Test
  void both_streams_know_the_type_of_their_records() {
    var environment = StreamExecutionEnvironment.getExecutionEnvironment();
    InferenceStreams<String> streams = inference().build().apply(environment.fromData("a"));

    assertThat(streams.answered().getType())
        .isEqualTo(InferredTypeInfo.answered(Types.STRING, Completions.ANALYSIS));
    assertThat(streams.failed().getType())
        .isEqualTo(InferredTypeInfo.failed(Types.STRING, Completions.ANALYSIS));
  }

  @Test
  void the_function_travels_to_the_task_managers_with_its_type() throws Exception {
    var function = new InferenceFunction<>(inference().build().options(), Types.STRING);

    InferenceFunction<String> there = InstantiationUtil.clone(function);

    assertThat(there.getProducedType())
        .isEqualTo(InferredTypeInfo.of(Types.STRING, Completions.ANALYSIS))
        .isNotEqualTo(InferredTypeInfo.of(Types.LONG, Completions.ANALYSIS));
    assertThat(there.getProducedType().getTypeClass()).isEqualTo(Inferred.class);
  }

  @Test
  void a_record_without_outcome_is_refused() {
    // What code does that knows nothing of nullness annotations.
    Outcome none = null;

    assertThatThrownBy(() -> new Inferred<>("a", none, 1, ScriptedEngine.DESCRIPTION))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("outcome");
  }

  private static AsyncInference.Builder<String> inference() {
    return AsyncInference.<String>builder()
        .analysis(Completions.ANALYSIS)
        .engine(NO_ENGINE)
        .documentId(document -> document)
        .text(document -> document);
  }
}
