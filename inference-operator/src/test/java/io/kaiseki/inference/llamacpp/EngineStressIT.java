package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Many threads that submit, cancel, come and go at random. */
class EngineStressIT {

  private static final int THREADS = 8;
  private static final Duration LENGTH = Duration.ofSeconds(20);

  private static final Schema SCHEMA =
      Requests.schema(
          """
          {"type": "record", "name": "Stress", "fields": [
            {"name": "urgent", "type": "boolean"},
            {"name": "words", "type": "string", "quote": true, "maxLength": 12},
            {"name": "kind", "type": {"type": "enum", "name": "Kind",
              "symbols": ["alpha_one", "alpha_two", "alpha_three", "beta_one", "beta_two"]}}
          ]}
          """);

  private final LlamaCppSettings settings =
      new LlamaCppSettings(
          TinyModel.narrow().toString(), "", 6, 4_096, 128, 1, Requests.library(), 10);

  @Test
  void every_request_ends_once_whatever_the_others_do() throws Exception {
    Instant end = Instant.now().plus(LENGTH);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (InferenceEngine observer = LlamaCppEngine.source(settings).acquire()) {
      List<Future<List<CompletableFuture<Outcome>>>> loops = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        SplittableRandom random = new SplittableRandom(i);
        loops.add(threads.submit(() -> disturb(random, end)));
      }
      int answered = 0;
      int requests = 0;
      for (Future<List<CompletableFuture<Outcome>>> loop : loops) {
        for (CompletableFuture<Outcome> future : loop.get()) {
          requests++;
          if (!future.isCancelled() && Requests.outcome(future) instanceof Outcome.Answered) {
            answered++;
          } else if (!future.isCancelled()) {
            assertThat(Requests.failed(future).reason()).isEqualTo(FailureReason.DEADLINE);
          }
        }
      }
      int all = requests;
      assertThat(answered).isPositive();
      assertThat(observer.statistics().reused()).isPositive();
      assertThat(observer.statistics().acceptedTokens())
          .isBetween(0L, observer.statistics().draftedTokens());
      await()
          .untilAsserted(
              () -> {
                assertThat(observer.statistics().slotsBusy()).isZero();
                assertThat(observer.statistics().queued()).isZero();
                assertThat(observer.statistics().answered() + observer.statistics().failed())
                    .isEqualTo(all);
              });
      assertThat(Requests.answered(observer.submit(request(analysis(0), "last", "Still there?"))))
          .isNotNull();
    } finally {
      threads.shutdownNow();
    }
  }

  private List<CompletableFuture<Outcome>> disturb(SplittableRandom random, Instant end)
      throws Exception {
    List<CompletableFuture<Outcome>> futures = new ArrayList<>();
    Documents documents = new Documents(random.nextLong());
    while (Instant.now().isBefore(end)) {
      try (InferenceEngine engine = LlamaCppEngine.source(settings).acquire()) {
        for (int i = random.nextInt(12); i >= 0; i--) {
          CompletableFuture<Outcome> future =
              engine.submit(
                  new CompletionRequest(
                      "d" + futures.size(),
                      analysis(random.nextInt(4)),
                      random.nextBoolean()
                          ? "Document " + random.nextInt(20)
                          : documents.next(random.nextInt(200)),
                      Instant.now().plusMillis(random.nextInt(10) == 0 ? 20 : 300_000),
                      random.nextBoolean() ? Lane.LIVE : Lane.BACKFILL));
          futures.add(future);
          if (random.nextInt(3) == 0) {
            future.cancel(true);
          }
        }
        CompletableFuture<Outcome> last = futures.get(futures.size() - 1);
        if (!last.isCancelled()) {
          Requests.outcome(last);
        }
        if (random.nextBoolean()) {
          futures.forEach(future -> future.cancel(true));
        }
      }
    }
    return futures;
  }

  private static Analysis analysis(int i) {
    List<ReasoningPolicy> policies =
        List.of(
            new ReasoningPolicy.Always(20),
            new ReasoningPolicy.WhenUnsure(0.9, 20),
            ReasoningPolicy.OFF);
    return Requests.analysis("stress" + i, SCHEMA, policies.get(i % policies.size()));
  }
}
