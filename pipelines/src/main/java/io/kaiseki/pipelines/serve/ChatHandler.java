package io.kaiseki.pipelines.serve;

import io.javalin.http.Context;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.telemetry.TraceContext;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes chat completions, gives them to the engine and writes what comes back. A web thread reads a
 * request and is free while the engine works; replies are written by threads of this class, since
 * the engine's own must not wait for a client.
 */
final class ChatHandler implements AutoCloseable {

  /** Attribute of a context that has its reply. */
  static final String ANSWERED = "kaiseki.answered";

  private static final Logger LOG = LoggerFactory.getLogger(ChatHandler.class);
  private static final int BEAT_SECONDS = 5;
  private static final int RETRY_SECONDS = 1;

  private final InferenceEngine engine;
  private final ChatCallReader reader;
  private final ChatReplies replies;
  private final ServeSettings settings;
  private final int most;
  private final AtomicInteger reading = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final ExecutorService writers = Executors.newCachedThreadPool(threads("serve-writer"));
  private final ScheduledThreadPoolExecutor beats =
      new ScheduledThreadPoolExecutor(1, threads("serve-beat"));
  private volatile boolean draining;

  ChatHandler(
      InferenceEngine engine, ChatCallReader reader, ChatReplies replies, ServeSettings settings) {
    this.engine = engine;
    this.reader = reader;
    this.replies = replies;
    this.settings = settings;
    most = engine.description().slots() + settings.queue();
    beats.setRemoveOnCancelPolicy(true);
  }

  /** Takes no more requests. */
  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  /** Requests that have no reply yet, those among them that have not arrived to their end. */
  int underWay() {
    // In the order in which a request goes on, so that none is missed in between.
    return reading.get() + underWay.get();
  }

  void handle(Context context) throws IOException {
    // Raised before it is asked whether the server ends: that either waits for this one or is seen.
    reading.incrementAndGet();
    try {
      if (draining) {
        throw ApiException.later(503, "ending", "the server ends; ask another", RETRY_SECONDS);
      }
      begin(context, reader.read(body(context)));
    } finally {
      reading.decrementAndGet();
    }
  }

  private void begin(Context context, ChatCall call) throws IOException {
    if (underWay.incrementAndGet() > most) {
      underWay.decrementAndGet();
      throw ApiException.later(
          429,
          "queue_full",
          most + " requests are under way, and no more can wait; come again",
          RETRY_SECONDS);
    }
    CompletableFuture<Outcome> outcome;
    try {
      CompletionRequest request =
          new CompletionRequest(
              "chat-" + UUID.randomUUID(),
              call.analysis(),
              call.document(),
              Instant.now().plus(call.deadline()),
              call.lane(),
              call.fresh());
      outcome = trace(context).toContext().wrapSupplier(() -> engine.submit(request)).get();
    } catch (RuntimeException e) {
      underWay.decrementAndGet();
      if (e instanceof IllegalStateException) {
        throw ApiException.later(503, "ending", "the engine is closed", RETRY_SECONDS);
      }
      throw e;
    }
    outcome.whenComplete((done, error) -> underWay.decrementAndGet());
    ChatReplies.Reply reply = replies.new Reply(call.model());
    if (call.stream()) {
      stream(context, call, reply, outcome);
    } else {
      // A client that goes is not noticed before the reply: Jetty does not look at an HTTP/1.1
      // connection whose request is worked on (jetty.project issue 824). Those that may go stream.
      context.future(() -> outcome.thenAcceptAsync(done -> whole(context, reply, done), writers));
    }
  }

  /** The client's trace, which the work for it continues. */
  private static TraceContext trace(Context context) {
    String traceparent = context.header(TraceContext.TRACEPARENT);
    String tracestate = context.header(TraceContext.TRACESTATE);
    return traceparent == null
        ? TraceContext.NONE
        : new TraceContext(traceparent, tracestate == null ? "" : tracestate);
  }

  private byte[] body(Context context) throws IOException {
    byte[] body = context.bodyInputStream().readNBytes(settings.bodyBytes() + 1);
    if (body.length > settings.bodyBytes()) {
      throw ApiException.of(
          413,
          "body_too_large",
          "the body has more than "
              + settings.bodyBytes()
              + " bytes; shorten it, or raise --max-body");
    }
    return body;
  }

  private static void whole(Context context, ChatReplies.Reply reply, Outcome outcome) {
    if (outcome instanceof Outcome.Answered answered) {
      ChatServer.json(context, 200, reply.whole(answered.completion()));
    } else {
      ChatServer.fail(context, failure((Outcome.Failed) outcome));
    }
  }

  private void stream(
      Context context, ChatCall call, ChatReplies.Reply reply, CompletableFuture<Outcome> outcome)
      throws IOException {
    context.attribute(ANSWERED, true);
    context.status(200);
    context.res().setContentType("text/event-stream");
    context.res().setHeader("Cache-Control", "no-store");
    EventStream events = new EventStream(context.res().getOutputStream());
    try {
      events.send(reply.opening());
    } catch (IOException e) {
      outcome.cancel(false);
      throw e;
    }
    Future<?> beat = beating(events, outcome);
    String path = context.path();
    context.future(
        () ->
            outcome.handleAsync(
                (done, error) -> {
                  beat.cancel(false);
                  if (error == null) {
                    streamed(events, call, reply, done);
                  } else if (!outcome.isCancelled()) {
                    end(events, ChatServer.fault(path, error));
                  }
                  return null;
                },
                writers));
  }

  /** A client that has gone is found out by writing to it; its slot is free within a step. */
  private Future<?> beating(EventStream events, CompletableFuture<Outcome> outcome) {
    return beats.scheduleWithFixedDelay(
        () ->
            writers.execute(
                () -> {
                  try {
                    events.beat();
                  } catch (IOException gone) {
                    outcome.cancel(false);
                  }
                }),
        BEAT_SECONDS,
        BEAT_SECONDS,
        TimeUnit.SECONDS);
  }

  private static void streamed(
      EventStream events, ChatCall call, ChatReplies.Reply reply, Outcome outcome) {
    try {
      if (outcome instanceof Outcome.Answered answered) {
        Completion completion = answered.completion();
        String reasoning = completion.reasoning();
        if (reasoning != null) {
          events.send(reply.reasoning(reasoning));
        }
        events.send(reply.answer(completion));
        events.send(reply.closing(completion));
        if (call.streamUsage()) {
          events.send(reply.streamUsage(completion));
        }
        events.end();
      } else {
        end(events, failure((Outcome.Failed) outcome));
      }
    } catch (IOException e) {
      LOG.debug("event=client-gone", e);
    }
  }

  private static void end(EventStream events, ApiException failure) {
    try {
      events.send(failure.body());
      events.end();
    } catch (IOException e) {
      LOG.debug("event=client-gone", e);
    }
  }

  private static ApiException failure(Outcome.Failed failed) {
    if (ChatReplies.serious(failed.reason())) {
      LOG.warn("event=request-failed reason={} message={}", failed.reason(), failed.message());
    }
    return ChatReplies.failure(failed);
  }

  @Override
  public void close() {
    beats.shutdownNow();
    writers.shutdown();
    try {
      if (!writers.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("event=serve-writers-late");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThreadFactory threads(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
