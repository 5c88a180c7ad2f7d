package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.AnswerAssertions.assertValid;
import static io.kaiseki.inference.llamacpp.Requests.answered;
import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whatever a document holds, an answer keeps its contract. */
class ValidAnswersIT {

  private static final int DOCUMENTS = 1_000;

  @Test
  void a_thousand_documents_of_every_kind_have_a_valid_answer_or_are_too_long() throws Exception {
    Analysis analysis = TicketTriage.analysis(ReasoningPolicy.OFF);
    try (InferenceEngine engine =
        LlamaCppEngine.source(Requests.settings(TinyModel.narrow(), 4, 8_192)).acquire()) {
      Documents documents = new Documents(20_261_123);
      List<String> texts = new ArrayList<>();
      List<CompletableFuture<Outcome>> futures = new ArrayList<>();
      for (int i = 0; i < DOCUMENTS; i++) {
        texts.add(documents.next(length(i)));
        futures.add(engine.submit(request(analysis, "d" + i, texts.get(i))));
      }
      int tooLong = 0;
      for (int i = 0; i < DOCUMENTS; i++) {
        if (Requests.outcome(futures.get(i)) instanceof Outcome.Failed failed) {
          assertThat(failed.reason()).isEqualTo(FailureReason.TOO_LONG);
          assertThat(texts.get(i).length()).isGreaterThan(8_000);
          tooLong++;
        } else {
          assertValid(answered(futures.get(i)).answer(), texts.get(i));
        }
      }
      assertThat(tooLong).isBetween(1, DOCUMENTS / 50);
    }
  }

  @Test
  void a_document_asked_twice_gets_the_same_labels_and_probabilities() throws Exception {
    Analysis analysis = TicketTriage.analysis(ReasoningPolicy.OFF);
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(2, 8_192)).acquire()) {
      for (int i = 0; i < 4; i++) {
        String text = new Documents(i).next(200);
        Completion first = answered(engine.submit(request(analysis, "a" + i, text)));
        Completion second = answered(engine.submit(request(analysis, "b" + i, text)));
        assertThat(second.confidences()).hasSameSizeAs(first.confidences());
        assertThat(second.confidences().get(0).label())
            .isEqualTo(first.confidences().get(0).label());
        assertThat(second.confidences().get(0).probability())
            .isCloseTo(first.confidences().get(0).probability(), within(1e-3));
      }
    }
  }

  /** Mostly short, some of a page or two, a few around the limit of the context. */
  private static int length(int i) {
    if (i % 200 == 199) {
      return 8_000 + 10 * i;
    }
    return i % 40 == 39 ? 1_500 : i % 5 * 20;
  }
}
