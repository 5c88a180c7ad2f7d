package io.kaiseki.pipelines.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.eval.score.Runs;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartsTest {

  @Test
  void every_document_is_in_one_part_and_parts_are_of_about_the_same_size() {
    List<Integer> documents = IntStream.range(0, 32).boxed().toList();

    List<List<Integer>> parts = Parts.of(documents);

    assertThat(parts).hasSize(3).allSatisfy(part -> assertThat(part).hasSizeBetween(10, 11));
    assertThat(parts.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(documents);
  }

  @Test
  void a_few_documents_stay_together() {
    assertThat(Parts.of(List.of(1, 2, 3))).containsExactly(List.of(1, 2, 3));
    assertThat(Parts.of(List.of())).containsExactly(List.of());
  }

  @Test
  void passes_over_the_parts_are_one_pass_in_the_order_of_the_documents() {
    List<Outcome> outcomes =
        IntStream.range(0, 32)
            .mapToObj(i -> (Outcome) new Outcome.Failed(FailureReason.DEADLINE, "document " + i))
            .toList();

    Pass joined =
        Pass.joined(
            Parts.of(outcomes).stream().map(part -> Runs.pass(ReasoningPolicy.OFF, part)).toList());

    assertThat(joined.outcomes()).isEqualTo(outcomes);
    assertThat(joined.stretches()).extracting(Pass.Stretch::documents).containsExactly(11, 11, 10);
    assertThat(joined.documentsPerSecond()).isEqualTo(32 / 6.0);
  }
}
