package io.kaiseki.inference.longdocument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentReading;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LongDocumentEngineTest {

  private static final int ROOM = 200;
  private static final String NOTES = "Notes on the parts";

  /** Some forty paragraphs, each with a number, in ten parts and more. */
  private static final String LONG =
      IntStream.range(0, 40)
          .mapToObj("Paragraph %d says this and that about something."::formatted)
          .collect(Collectors.joining("\n\n"));

  private PartEngine parts = new PartEngine(ROOM, request -> null);
  private InferenceEngine engine = LongDocumentEngine.around(parts);

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void what_fits_is_handed_on_as_it_is() throws Exception {
    start(request -> answered(Answers.saying("short")));

    Completion completion = completion(submit(LongDocuments.SPLIT, "A short one."));

    assertThat(completion.reading()).isEqualTo(DocumentReading.WHOLE);
    assertThat(parts.calls()).hasSize(1);
  }

  @Test
  void what_does_not_fit_fails_where_the_analysis_refuses_it() throws Exception {
    start(request -> answered(Answers.saying("never")));

    Outcome outcome = outcome(submit(LongDocuments.REFUSE, LONG));

    assertThat(outcome).isEqualTo(new Outcome.Failed(FailureReason.TOO_LONG, "more than " + ROOM));
  }

  @Test
  void an_engine_that_can_not_measure_has_the_last_word() throws Exception {
    start(new PartEngine(ROOM, false, request -> answered(Answers.saying("never"))));

    Outcome outcome = outcome(submit(LongDocuments.SPLIT, LONG));

    assertThat(((Outcome.Failed) outcome).reason()).isEqualTo(FailureReason.TOO_LONG);
  }

  @Test
  void the_beginning_is_read_where_the_analysis_truncates() throws Exception {
    start(request -> answered(Answers.saying("beginning")));

    Completion completion = completion(submit(LongDocuments.TRUNCATE, LONG));

    assertThat(completion.reading()).isEqualTo(new DocumentReading(1, true, Map.of()));
    assertThat(parts.calls())
        .singleElement()
        .satisfies(call -> assertThat(LONG).startsWith(call.request().document()));
    assertThat(parts.calls().get(0).request().document()).endsWith("\n\n").hasSizeGreaterThan(100);
  }

  @Test
  void all_parts_are_read_side_by_side_and_merged_into_one_answer() throws Exception {
    start(
        request ->
            request.document().startsWith(NOTES)
                ? answered(Answers.saying("whole"))
                : answered(Answers.saying("part of " + request.id()).lines(0.9, "same")));

    Completion completion = completion(submit(LongDocuments.SPLIT, LONG));

    List<String> texts =
        parts.calls().stream()
            .map(call -> call.request().document())
            .filter(text -> !text.startsWith(NOTES))
            .toList();
    assertThat(String.join("", texts)).isEqualTo(LONG);
    assertThat(completion.reading()).isEqualTo(new DocumentReading(texts.size(), false, Map.of()));
    assertThat(texts).hasSizeGreaterThan(9);
    assertThat((List<?>) completion.answer().get("lines")).hasSize(1);
    assertThat(parts.mostOpen()).isLessThanOrEqualTo(PartEngine.SLOTS / 2);
  }

  @Test
  void all_that_is_asked_of_a_fresh_document_is_fresh() throws Exception {
    start(request -> answered(Answers.saying(request.id())));

    completion(engine.submit(request(LongDocuments.SPLIT, LONG).asFresh()));

    assertThat(parts.calls())
        .hasSizeGreaterThan(9)
        .allSatisfy(call -> assertThat(call.request().fresh()).isTrue());
  }

  @Test
  void summaries_are_summarised_round_by_round_until_one_is_left() throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    start(
        request -> {
          boolean notes = request.document().startsWith(NOTES);
          return answered(
              Answers.saying(notes ? "summary " + rounds.incrementAndGet() : request.id())
                  .number(notes ? 99 : 7));
        });

    Completion completion = completion(submit(LongDocuments.SPLIT, LONG));

    assertThat(rounds.get()).as("more notes than fit into one request").isGreaterThan(1);
    assertThat(completion.answer().get("summary")).isEqualTo("summary " + rounds.get());
    assertThat(completion.answer().get("number"))
        .as("of a summary only texts are taken")
        .isEqualTo(7);
    assertThat(parts.calls())
        .filteredOn(call -> call.request().document().startsWith(NOTES))
        .hasSize(rounds.get())
        .allSatisfy(call -> assertThat(call.request().document()).contains("summary: "));
  }

  @Test
  void no_summary_is_asked_for_where_all_parts_say_the_same() throws Exception {
    start(request -> answered(Answers.saying("the same")));

    Completion completion = completion(submit(LongDocuments.SPLIT, LONG));

    assertThat(parts.calls()).hasSize(completion.reading().chunks());
    assertThat(completion.answer().get("summary")).isEqualTo("the same");
  }

  @Test
  void the_text_of_the_vote_stays_where_summaries_are_too_long_to_become_fewer() throws Exception {
    start(request -> answered(Answers.saying(request.id() + "x".repeat(ROOM))));

    Completion completion = completion(submit(LongDocuments.SPLIT, LONG));

    assertThat(completion.answer().get("summary")).asString().startsWith("d#part-1x");
  }

  @Test
  void tokens_are_the_sum_over_all_requests() throws Exception {
    start(request -> answered(Answers.saying(request.id())));

    Completion completion = completion(submit(LongDocuments.SPLIT, LONG));

    int requests = parts.calls().size();
    assertThat(requests).isGreaterThan(completion.reading().chunks());
    assertThat(completion.usage().document()).isEqualTo(10 * requests);
    assertThat(completion.usage().input()).isEqualTo(20 * requests);
    assertThat(completion.usage().output()).isEqualTo(10 * requests);
    assertThat(completion.usage().prefixReused()).isTrue();
  }

  @Test
  void parts_that_a_second_engine_answered_are_told_with_what_the_first_took() throws Exception {
    Escalation escalation =
        new Escalation(
            new EngineDescription("second", "1", "large", "", 1, 0),
            new TokenUsage(0, false, 7, 0, 3, 0),
            Duration.ofMillis(5),
            0.4);
    start(
        request ->
            new Outcome.Answered(
                Answers.saying("the same").completion().withEscalation(escalation)));

    Completion completion = completion(submit(LongDocuments.SPLIT, LONG));

    assertThat(completion.escalation())
        .isEqualTo(
            IntStream.range(0, completion.reading().chunks())
                .mapToObj(part -> escalation)
                .reduce(Escalation::and)
                .orElseThrow());
    assertThat(completion(submit(LongDocuments.TRUNCATE, LONG)).escalation()).isEqualTo(escalation);
  }

  @Test
  void parts_keep_the_documents_analysis_deadline_and_lane_and_have_ids_of_their_own()
      throws Exception {
    start(request -> answered(Answers.saying("s")));
    CompletionRequest request = request(LongDocuments.SPLIT, LONG);

    completion(engine.submit(request));

    assertThat(parts.calls())
        .allSatisfy(
            call -> {
              assertThat(call.request().analysis()).isSameAs(request.analysis());
              assertThat(call.request().deadline()).isEqualTo(request.deadline());
              assertThat(call.request().lane()).isEqualTo(Lane.BACKFILL);
            });
    assertThat(parts.calls()).extracting(call -> call.request().id()).doesNotHaveDuplicates();
  }

  @Test
  void the_first_part_that_fails_fails_the_document_and_ends_the_others() throws Exception {
    start(
        request ->
            request.id().endsWith("-2")
                ? new Outcome.Failed(FailureReason.DEADLINE, "too late")
                : null);

    Outcome.Failed failed = (Outcome.Failed) outcome(submit(LongDocuments.SPLIT, LONG));

    assertThat(failed.reason()).isEqualTo(FailureReason.DEADLINE);
    assertThat(failed.message()).matches("part 2 of \\d+ of the long document: too late");
    await().untilAsserted(() -> assertThat(parts.open()).isEmpty());
    assertThat(parts.calls()).hasSize(PartEngine.SLOTS / 2);
  }

  @Test
  void cancelling_the_document_ends_all_its_parts() {
    CompletableFuture<Outcome> document = submit(LongDocuments.SPLIT, LONG);
    await().until(() -> parts.open().size() == PartEngine.SLOTS / 2);

    document.cancel(false);

    assertThat(parts.open()).isEmpty();
    assertThat(parts.calls()).hasSize(PartEngine.SLOTS / 2);
  }

  @Test
  void a_document_whose_deadline_has_passed_is_not_cut_any_more() throws Exception {
    Outcome outcome =
        outcome(
            engine.submit(
                new CompletionRequest(
                    "d", analysis(LongDocuments.SPLIT), LONG, Instant.EPOCH, Lane.LIVE)));

    assertThat(((Outcome.Failed) outcome).reason()).isEqualTo(FailureReason.DEADLINE);
    assertThat(parts.calls()).isEmpty();
  }

  @Test
  void an_engine_that_closes_under_a_document_is_not_the_documents_fault() throws Exception {
    CompletableFuture<Outcome> document = submit(LongDocuments.SPLIT, LONG);
    await().until(() -> parts.open().size() == PartEngine.SLOTS / 2);

    parts.close();
    parts.open().get(0).future().complete(answered(Answers.saying("the last")));

    assertThat(((Outcome.Failed) outcome(document)).reason()).isEqualTo(FailureReason.CANCELLED);
  }

  @Test
  void a_document_whose_parts_end_as_the_engine_is_closed_had_no_outcome() throws Exception {
    CompletableFuture<Outcome> document = submit(LongDocuments.SPLIT, LONG);
    await().until(() -> parts.open().size() == PartEngine.SLOTS / 2);
    Outcome cancelled = new Outcome.Failed(FailureReason.CANCELLED, "closed");

    engine.close();
    parts.open().forEach(part -> part.future().complete(cancelled));

    assertThat(document.get(5, TimeUnit.SECONDS))
        .isEqualTo(new Outcome.Failed(FailureReason.CANCELLED, "the engine was closed"));
  }

  @Test
  void a_text_without_a_word_is_read_all_the_same() throws Exception {
    start(request -> answered(Answers.saying("nothing")));

    Completion completion = completion(submit(LongDocuments.SPLIT, " \n".repeat(ROOM)));

    assertThat(completion.reading().chunks()).isEqualTo(1);
  }

  private void start(Function<CompletionRequest, @Nullable Outcome> script) {
    start(new PartEngine(ROOM, script));
  }

  private void start(PartEngine started) {
    engine.close();
    parts = started;
    engine = LongDocumentEngine.around(started);
  }

  private CompletableFuture<Outcome> submit(LongDocuments policy, String text) {
    return engine.submit(request(policy, text));
  }

  private static CompletionRequest request(LongDocuments policy, String text) {
    return new CompletionRequest(
        "d", analysis(policy), text, Instant.now().plus(Duration.ofMinutes(5)), Lane.BACKFILL);
  }

  private static Analysis analysis(LongDocuments policy) {
    return new Analysis(
        "letters",
        "1",
        "Read the letter.",
        Answers.CONTRACT,
        ReasoningPolicy.OFF,
        policy,
        MaskingPolicy.NONE);
  }

  private static Outcome answered(Answers answers) {
    return new Outcome.Answered(answers.completion());
  }

  private static Outcome outcome(CompletableFuture<Outcome> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static Completion completion(CompletableFuture<Outcome> future) throws Exception {
    return ((Outcome.Answered) outcome(future)).completion();
  }
}
