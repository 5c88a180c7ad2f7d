package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.gguf.ByteProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;

/** Requests with generous deadlines, and their outcomes. */
final class Requests {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** The setting {@code model.library} of all settings made here; see {@link CurrentBuild}. */
  private static String library = LlamaCppSettings.SHIPPED_LIBRARY;

  private Requests() {}

  static String library() {
    return library;
  }

  static void use(String wanted) {
    library = wanted;
  }

  static LlamaCppSettings settings(int slots, int contextTokens) {
    return settings(TinyModel.file(), slots, contextTokens);
  }

  static LlamaCppSettings settings(Path model, int slots, int contextTokens) {
    return new LlamaCppSettings(model.toString(), "", slots, contextTokens, 512, 1, library);
  }

  static Analysis analysis(String version, Schema schema, ReasoningPolicy reasoning) {
    return new Analysis(
        "analysis",
        version,
        "Read the document of " + version + ".",
        Contract.of(schema),
        reasoning);
  }

  static Schema schema(String json) {
    return new Schema.Parser().parse(json);
  }

  static CompletionRequest request(Analysis analysis, String id, String document) {
    return new CompletionRequest(id, analysis, document, Instant.now().plus(PATIENCE), Lane.LIVE);
  }

  /** A model without an engine around it. */
  static LoadedModel load(LlamaCppSettings settings) {
    EngineCounters counters = new EngineCounters();
    return LoadedModel.load(settings, counters, new SharedAnswers(0, counters), ByteProgress.NONE);
  }

  /** A request as the engine's thread would be given it. */
  static PendingRequest prepared(
      LoadedModel model, CompletionRequest request, CompletableFuture<Outcome> future) {
    return prepared(model, request, Long.MAX_VALUE, future);
  }

  /**
   * As {@link #prepared(LoadedModel, CompletionRequest, CompletableFuture)}, with a deadline.
   *
   * @param deadlineNanos on {@link System#nanoTime()}'s scale
   */
  static PendingRequest prepared(
      LoadedModel model,
      CompletionRequest request,
      long deadlineNanos,
      CompletableFuture<Outcome> future) {
    List<PendingRequest> prepared = new ArrayList<>();
    Waiter waiter = new Waiter(request, 0, deadlineNanos, future);
    assertThat(model.prepare(new Flight(waiter, null), prepared::add)).isEmpty();
    return prepared.get(0);
  }

  static Outcome outcome(CompletableFuture<Outcome> future) throws Exception {
    return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  static Completion answered(CompletableFuture<Outcome> future) throws Exception {
    Outcome outcome = outcome(future);
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    return ((Outcome.Answered) outcome).completion();
  }

  static Outcome.Failed failed(CompletableFuture<Outcome> future) throws Exception {
    Outcome outcome = outcome(future);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcome;
  }
}
