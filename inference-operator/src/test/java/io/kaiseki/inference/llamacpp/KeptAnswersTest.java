package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.SharedDocuments.NOTHING;
import static io.kaiseki.inference.llamacpp.SharedDocuments.PLAIN;
import static io.kaiseki.inference.llamacpp.SharedDocuments.SCHEMA;
import static io.kaiseki.inference.llamacpp.SharedDocuments.USAGE;
import static io.kaiseki.inference.llamacpp.SharedDocuments.completed;
import static io.kaiseki.inference.llamacpp.SharedDocuments.completion;
import static io.kaiseki.inference.llamacpp.SharedDocuments.waiter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.ReasoningPolicy;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

/** Which answers are kept, what they hold on to, and whose they are. */
class KeptAnswersTest {

  private final EngineCounters counters = new EngineCounters();
  private final SharedAnswers answers = new SharedAnswers(3, counters);

  @Test
  void nobody_can_change_the_answer_that_another_is_given() {
    Waiter first = waiter(PLAIN, "text");
    Waiter second = waiter(PLAIN, "text");
    Flight flight = answers.board(first).orElseThrow();
    answers.board(second);
    answer(flight, "note");
    Waiter third = waiter(PLAIN, "text");
    answers.board(third);

    completion(first).answer().put("note", "changed");
    completion(third).answer().put("note", "changed too");

    assertThat(completion(second).answer().get("note")).hasToString("note");
    Waiter fourth = waiter(PLAIN, "text");
    answers.board(fourth);
    assertThat(completion(fourth).answer().get("note"))
        .as("the same type as in an answer that was computed")
        .isEqualTo("note");
  }

  @Test
  void the_least_recently_used_answer_is_forgotten() {
    for (String text : List.of("a", "b", "c", "d")) {
      answer(answers.board(waiter(PLAIN, text)).orElseThrow(), text);
    }

    assertThat(answers.board(waiter(PLAIN, "a"))).isPresent();
    assertThat(answers.board(waiter(PLAIN, "d"))).isEmpty();
  }

  @Test
  void a_kept_answer_that_can_t_be_copied_is_computed_again_and_the_new_one_kept() {
    Schema other = Requests.schema("{\"type\": \"record\", \"name\": \"O\", \"fields\": []}");
    KeptAnswer unreadable = new KeptAnswer(completed(new GenericData.Record(other)));
    Flight first = answers.board(waiter(PLAIN, "text")).orElseThrow();
    answers.answer(first, completed("note"), unreadable, NOTHING);

    Waiter second = waiter(PLAIN, "text");
    answer(answers.board(second).orElseThrow(), "again");
    Waiter third = waiter(PLAIN, "text");

    assertThat(answers.board(third)).isEmpty();
    assertThat(completion(second).reused()).isFalse();
    assertThat(completion(third).answer().get("note")).hasToString("again");
  }

  @Test
  void kept_answers_held_the_analyses_that_they_answer() {
    List<WeakReference<Object>> references = answered("text");

    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(references).allMatch(reference -> reference.get() == null);
            });

    Waiter again = waiter(fresh(), "text");
    assertThat(answers.board(again)).isEmpty();
    assertThat(completion(again).answer().get("note")).hasToString("note");
  }

  /** What a document and its answer, both of them let go, were about. */
  private List<WeakReference<Object>> answered(String text) {
    Analysis analysis = fresh();
    Schema schema = analysis.contract().schema();
    Flight flight = answers.board(waiter(analysis, text)).orElseThrow();
    answers.board(waiter(analysis, text));
    Completion completion = completed("note", schema);
    answers.answer(flight, completion, new KeptAnswer(completion), NOTHING);
    return List.of(
        new WeakReference<>(analysis),
        new WeakReference<>(analysis.contract()),
        new WeakReference<>(schema));
  }

  /** One that is equal to all others made here, and nobody else's. */
  private static Analysis fresh() {
    return Requests.analysis("fresh", Requests.schema(SCHEMA.toString()), ReasoningPolicy.OFF);
  }

  @Test
  void the_memory_of_kept_answers_is_counted_with_the_labels_that_they_outlive() {
    String label = "x".repeat(10_000);
    Completion completion =
        new Completion(
            completed("note").answer(),
            List.of(new FieldConfidence("kind", label, 1, Map.of(label, 1.0))),
            null,
            USAGE,
            FinishReason.COMPLETE,
            completed("note").timings());

    assertThat(new KeptAnswer(completion).bytes()).isBetween(10_000L, 11_000L);
  }

  private void answer(Flight flight, String note) {
    Completion completion = completed(note);
    answers.answer(flight, completion, new KeptAnswer(completion), NOTHING);
  }
}
