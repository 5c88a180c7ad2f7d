package io.kaiseki.inference.openai;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TimeLeft;
import io.kaiseki.inference.telemetry.DocumentFault;
import io.kaiseki.inference.telemetry.TraceContext;
import io.opentelemetry.context.Context;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One document from its submission to its only outcome: as many exchanges with servers as it takes.
 * They follow one another, each started by the end of the one before; the deadline, a cancellation
 * and the engine's close may come at any time, and whoever sets {@link #ended} first decides. Where
 * no server serves, whatever it is asked, the document has no outcome: its future fails with an
 * {@link EngineUnavailableException}.
 */
final class Asking {

  private static final Logger LOG = LoggerFactory.getLogger(Asking.class);

  private final OpenAiEngine engine;
  private final CompletionRequest request;
  private final Dialogue dialogue;
  private final CompletableFuture<Outcome> future = new CompletableFuture<>();
  private final AtomicBoolean ended = new AtomicBoolean();

  /** What the server continues; taken on the thread that submits. */
  private final TraceContext trace = TraceContext.of(Context.current());

  /** Who has a request of this document; taken by the one thread that accounts for it. */
  private final AtomicReference<@Nullable Asked> asked = new AtomicReference<>();

  private int failures;
  private String lastFailure = "no server has been asked yet";
  private @Nullable Endpoint lastEndpoint;

  /** Servers that refused to serve this document, and how often they had refused by then. */
  private final Map<Endpoint, Integer> refusedBy = new HashMap<>();

  /** Whether a server has used up its share of the time without a reply. */
  private boolean keptWaiting;

  private volatile @Nullable Future<?> alarm;
  private volatile @Nullable Future<?> step;

  Asking(OpenAiEngine engine, CompletionRequest request, Question question) {
    this.engine = engine;
    this.request = request;
    dialogue = new Dialogue(request, question, engine.settings().model());
  }

  CompletionRequest request() {
    return request;
  }

  CompletableFuture<Outcome> future() {
    return future;
  }

  /** From now on, the deadline and a cancellation end it. */
  void watch() {
    future.whenComplete(
        (outcome, error) -> {
          if (future.isCancelled()) {
            end(null);
          }
        });
    alarm = scheduled(this::expire, untilDeadline());
  }

  /** Asks a server, or waits for one; called by one thread at a time. */
  void attempt() {
    if (ended.get()) {
      return;
    }
    dialogue.start();
    Optional<Endpoint> taken = engine.pool().take(lastEndpoint);
    if (taken.isEmpty()) {
      if (engine.pool().refusal(true).isPresent()) {
        // Not on this thread: its end starts the next in the queue, which comes here as well.
        step = scheduled(this::giveUp, Duration.ZERO);
        return;
      }
      failures++;
      retry(Backoff.after(Math.min(failures, 3)), "all servers are down or busy: " + cause());
      return;
    }
    Endpoint endpoint = taken.get();
    lastEndpoint = endpoint;
    Asked now = Asked.of(endpoint, dialogue.question());
    asked.set(now);
    CompletableFuture<HttpResponse<byte[]>> exchange;
    try {
      engine.exchanged();
      exchange = engine.client().sendAsync(http(now), HttpResponse.BodyHandlers.ofByteArray());
    } catch (RuntimeException e) {
      if (asked.compareAndSet(now, null)) {
        endpoint.done();
      }
      DocumentFault.log(LOG, "request-fault", request.id(), e);
      end(fault(e));
      return;
    }
    step = exchange;
    exchange.whenComplete((response, error) -> exchanged(response, error));
    if (ended.get()) {
      exchange.cancel(true);
    }
  }

  private HttpRequest http(Asked asked) {
    byte[] body = dialogue.body(asked);
    // The other half is for another server, should this one hang; that one gets all of it.
    Duration limit =
        !keptWaiting && engine.pool().hasOther(asked.endpoint())
            ? Duration.ofMillis(Math.max(1, untilDeadline().toMillis() / 2))
            : null;
    return asked.http(body, engine.settings().key(), trace, limit);
  }

  private void exchanged(@Nullable HttpResponse<byte[]> response, @Nullable Throwable error) {
    Asked of = asked.getAndSet(null);
    if (of == null) {
      return;
    }
    Endpoint endpoint = of.endpoint();
    try {
      if (ended.get()) {
        // Its place is given back all the same; whether the server would have answered is unknown.
        endpoint.done();
      } else if (response == null) {
        Throwable broken = error == null ? new IllegalStateException() : error;
        keptWaiting |= FaultReader.timedOut(broken);
        failed(endpoint, FaultReader.of(endpoint, broken));
      } else if (response.statusCode() != 200) {
        refused(of, response);
      } else {
        replied(of, ChatReply.read(response.body()));
      }
    } catch (RuntimeException e) {
      DocumentFault.log(LOG, "reply-fault", request.id(), e);
      end(fault(e));
    }
  }

  private void refused(Asked of, HttpResponse<byte[]> response) {
    if (of.lessen(response, request.document())) {
      of.endpoint().done();
      attempt();
      return;
    }
    ChatFault fault =
        FaultReader.of(of.endpoint(), engine.settings(), response, request.document());
    if (fault instanceof ChatFault.Refusing refusing) {
      refused(of, refusing);
    } else {
      failed(of.endpoint(), fault);
    }
  }

  /** The server's fault, unless it forbids this document again and has served others between. */
  private void refused(Asked of, ChatFault.Refusing fault) {
    Endpoint endpoint = of.endpoint();
    endpoint.done();
    Integer before = refusedBy.get(endpoint);
    if (fault.forbids() && before != null && endpoint.servedSince(before)) {
      String others = "; it forbids this document again, and has served others in between";
      end(new Outcome.Failed(FailureReason.REFUSED, fault.message() + others));
      return;
    }
    refusedBy.put(endpoint, endpoint.refuses(of.refusals(), fault.message()));
    failures++;
    lastFailure = fault.message();
    // At once: another server may take it, and where none does it waits there.
    attempt();
  }

  /** The last failure, and what is known of servers that take no requests. */
  private String cause() {
    String known = engine.pool().knownProblems();
    if (known.contains(lastFailure)) {
      return known;
    }
    return known.isEmpty() ? lastFailure : lastFailure + "; " + known;
  }

  private void failed(Endpoint endpoint, ChatFault fault) {
    if (fault instanceof ChatFault.Passing passing) {
      endpoint.failed(passing);
      failures++;
      lastFailure = passing.message();
      Duration wait = Backoff.after(failures);
      Duration asked = passing.pause();
      boolean alone = engine.settings().endpoints().size() == 1;
      retry(asked != null && alone && asked.compareTo(wait) > 0 ? asked : wait, lastFailure);
    } else {
      endpoint.done();
      end(((ChatFault.Final) fault).outcome());
    }
  }

  private void retry(Duration wait, String why) {
    if (wait.compareTo(untilDeadline()) >= 0) {
      if (unavailable(false)) {
        return;
      }
      end(
          new Outcome.Failed(
              FailureReason.DEADLINE,
              "given up after "
                  + failures
                  + " failures, since the next try would be after the deadline; the last: "
                  + why
                  + "; raise limits.deadline if servers are often away"));
      return;
    }
    LOG.debug("event=retry document={} wait={} failure={}", request.id(), wait, why);
    step = scheduled(this::attempt, wait);
    if (ended.get()) {
      cancelStep();
    }
  }

  private void replied(Asked of, Optional<ChatReply> read) {
    Endpoint endpoint = of.endpoint();
    if (read.isEmpty()) {
      failed(
          endpoint,
          new ChatFault.Passing(
              endpoint.completions() + " answers with what is no chat completion", null, true));
      return;
    }
    endpoint.done();
    endpoint.serves(of.refusals());
    dialogue.take(endpoint, read.get()).ifPresentOrElse(this::end, this::attempt);
  }

  private void expire() {
    // Before the outcome is known: whoever hears of it finds the server counted as silent.
    Asked silent = asked.getAndSet(null);
    if (silent != null) {
      silent
          .endpoint()
          .failed(
              new ChatFault.Passing(
                  silent.endpoint() + " gave no reply before the deadline", null, true));
    }
    if (unavailable(false)) {
      return;
    }
    end(
        new Outcome.Failed(
            FailureReason.DEADLINE,
            "the deadline passed"
                + (failures == 0
                    ? " while " + engine.settings().model() + " worked on the document"
                    : " after " + failures + " failures; the last: " + cause())
                + "; raise limits.deadline, or slots if documents wait"));
  }

  /**
   * Gives the document up without an outcome where no server serves: it is not at fault, and must
   * not become a dead letter.
   *
   * @param lastingly whether only where the servers go on refusing, or also at their first refusal
   * @return whether that is so
   */
  private boolean unavailable(boolean lastingly) {
    Optional<String> refusal = engine.pool().refusal(lastingly);
    if (refusal.isPresent() && stop()) {
      String message = "no server takes any document: " + refusal.get();
      LOG.info("event=document-given-up document={} message={}", request.id(), message);
      engine.ended(this, null);
      future.completeExceptionally(new EngineUnavailableException(message));
    }
    return refusal.isPresent();
  }

  private void giveUp() {
    if (!unavailable(true)) {
      attempt();
    }
  }

  /** Ends it once; null where the caller has given it up and is told nothing. */
  void end(@Nullable Outcome outcome) {
    if (!stop()) {
      return;
    }
    if (outcome instanceof Outcome.Failed failed) {
      LOG.info(
          "event=document-failed document={} reason={} message={}",
          request.id(),
          failed.reason(),
          failed.message());
    }
    engine.ended(this, outcome);
    if (outcome != null) {
      future.complete(outcome);
    }
  }

  /** Stops all that is under way; false where it has ended before. */
  private boolean stop() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    Future<?> timer = alarm;
    if (timer != null) {
      timer.cancel(false);
    }
    cancelStep();
    return true;
  }

  private void cancelStep() {
    Future<?> running = step;
    if (running != null && !running.isDone()) {
      running.cancel(true);
    }
  }

  private Outcome.Failed fault(Throwable e) {
    return new Outcome.Failed(
        FailureReason.ENGINE_FAULT,
        "the engine failed with " + e.getClass().getName() + ", and its log has more");
  }

  private Duration untilDeadline() {
    return TimeLeft.until(request.deadline());
  }

  private @Nullable Future<?> scheduled(Runnable task, Duration wait) {
    try {
      return engine.timer().schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The engine closes, and ends it.
      return null;
    }
  }
}
