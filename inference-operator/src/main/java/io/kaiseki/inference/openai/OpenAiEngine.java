package io.kaiseki.inference.openai;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers that speak OpenAI's chat completions. Requests over the number of slots wait, live
 * ones before those of a backfill, and of those the earliest deadline first. What fails in passing
 * is tried again, at another server if there is one, until the request's deadline. A server that
 * refuses to serve, as for its key or its balance, is left to itself for a while; where all do, for
 * two and a half minutes or until a request's deadline, requests fail with an {@link
 * EngineUnavailableException} in place of an outcome.
 */
public final class OpenAiEngine {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(2);

  /** Questions of more analyses are worked out anew. */
  private static final int MOST_QUESTIONS = 64;

  private final OpenAiSettings settings;
  private final ExecutorService workers;
  private final ScheduledThreadPoolExecutor timer;
  private final HttpClient client;
  private final EndpointPool pool;
  private final Map<Analysis, Question> questions = new ConcurrentHashMap<>();
  private final PriorityQueue<Asking> queue =
      new PriorityQueue<>(
          Comparator.comparing((Asking asking) -> asking.request().lane())
              .thenComparing(asking -> asking.request().deadline()));
  private final Set<Asking> running = new LinkedHashSet<>();
  private final LongAdder exchanges = new LongAdder();
  private final LongAdder prefixTokens = new LongAdder();
  private final LongAdder prefixHits = new LongAdder();
  private final LongAdder documentTokens = new LongAdder();
  private final LongAdder reasoningTokens = new LongAdder();
  private final LongAdder answerTokens = new LongAdder();
  private final LongAdder forcedTokens = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder reused = new LongAdder();
  private final EngineDescription description;
  private boolean closed;

  private OpenAiEngine(OpenAiSettings settings, LongSupplier nanos) {
    this.settings = settings;
    workers = Executors.newCachedThreadPool(threads("kaiseki-openai"));
    timer = new ScheduledThreadPoolExecutor(1, threads("kaiseki-openai-timer"));
    timer.setRemoveOnCancelPolicy(true);
    client = client(settings, workers);
    pool = new EndpointPool(settings, client, nanos);
    try {
      pool.start();
    } catch (EngineUnavailableException e) {
      stop();
      throw e;
    }
    description = describe();
    long millis = HEALTH_INTERVAL.toMillis();
    timer.scheduleWithFixedDelay(pool::examine, 0, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Where to get the engine for these settings. Every JVM has one engine for equal settings, shared
   * by all who hold it.
   */
  public static EngineSource source(OpenAiSettings settings) {
    return () -> SharedEngines.acquire(settings);
  }

  /**
   * Asks every server for its models, once.
   *
   * @return what is wrong, each problem naming the server; empty if all are well and serve the
   *     model
   */
  public static List<String> problems(OpenAiSettings settings) {
    return checked(settings, EndpointPool::problems);
  }

  /**
   * Asks every server for its models, once.
   *
   * @return the servers that think as they do by themselves, whatever the reasoning policy: all but
   *     other Kaisekis. Empty where anything is wrong with any, which {@link #problems} tells
   */
  public static List<String> withoutReasoningPolicies(OpenAiSettings settings) {
    return checked(
        settings,
        pool ->
            pool.problems().isEmpty()
                ? pool.endpoints().stream()
                    .filter(
                        endpoint -> {
                          ServedModel served = endpoint.served();
                          return served != null && !served.kaiseki();
                        })
                    .map(Endpoint::toString)
                    .toList()
                : List.of());
  }

  private static List<String> checked(
      OpenAiSettings settings, Function<EndpointPool, List<String>> check) {
    ExecutorService workers = Executors.newCachedThreadPool(threads("kaiseki-openai-check"));
    try {
      return check.apply(new EndpointPool(settings, client(settings, workers), System::nanoTime));
    } finally {
      workers.shutdownNow();
    }
  }

  /**
   * Starts an engine of its own.
   *
   * @throws EngineUnavailableException if a server does not accept the key
   */
  static OpenAiEngine start(OpenAiSettings settings) {
    return start(settings, System::nanoTime);
  }

  /** The same by another clock, for tests that don't wait for it. */
  static OpenAiEngine start(OpenAiSettings settings, LongSupplier nanos) {
    return new OpenAiEngine(settings, nanos);
  }

  CompletableFuture<Outcome> submit(CompletionRequest request) {
    Question question = question(request.analysis());
    Asking asking = new Asking(this, request, question);
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the engine is closed");
      }
      queue.add(asking);
    }
    asking.watch();
    dispatch();
    return asking.future();
  }

  /** Starts what has a slot; called without the lock, since a start may end at once. */
  private void dispatch() {
    for (Asking next; (next = next()) != null; ) {
      next.attempt();
    }
  }

  private synchronized @Nullable Asking next() {
    if (closed || running.size() >= settings.slots()) {
      return null;
    }
    Asking next = queue.poll();
    if (next != null) {
      running.add(next);
    }
    return next;
  }

  /** A request has ended, wherever it was; the outcome is null where its future was cancelled. */
  void ended(Asking asking, @Nullable Outcome outcome) {
    if (outcome instanceof Outcome.Answered done) {
      answered.increment();
      (done.completion().reused() ? reused : prefixHits)
          .add(done.completion().reused() || done.completion().usage().prefixReused() ? 1 : 0);
      documentTokens.add(done.completion().usage().document());
      prefixTokens.add(
          done.completion().usage().prefixReused() ? 0 : done.completion().usage().prefix());
      reasoningTokens.add(done.completion().usage().reasoning());
      answerTokens.add(done.completion().usage().answer());
      forcedTokens.add(done.completion().usage().forced());
    } else {
      failed.increment();
    }
    synchronized (this) {
      queue.remove(asking);
      running.remove(asking);
    }
    dispatch();
  }

  EndpointPool pool() {
    return pool;
  }

  HttpClient client() {
    return client;
  }

  ScheduledThreadPoolExecutor timer() {
    return timer;
  }

  OpenAiSettings settings() {
    return settings;
  }

  void exchanged() {
    exchanges.increment();
  }

  EngineDescription description() {
    return description;
  }

  EngineStatistics statistics() {
    int busy;
    int queued;
    synchronized (this) {
      busy = running.size();
      queued = queue.size();
    }
    long tokens = prefixTokens.sum() + documentTokens.sum() + reasoningTokens.sum();
    return new EngineStatistics(
        busy,
        queued,
        exchanges.sum(),
        tokens + answerTokens.sum(),
        prefixTokens.sum(),
        0,
        prefixHits.sum(),
        documentTokens.sum(),
        reasoningTokens.sum(),
        answerTokens.sum(),
        forcedTokens.sum(),
        0,
        0,
        answered.sum(),
        failed.sum(),
        reused.sum());
  }

  /** Fails what is open and lets all threads go; takes no longer than that. */
  void close() {
    List<Asking> open;
    synchronized (this) {
      closed = true;
      open = new ArrayList<>(queue);
      open.addAll(running);
    }
    Outcome.Failed cancelled = new Outcome.Failed(FailureReason.CANCELLED, "the engine was closed");
    open.forEach(asking -> asking.end(cancelled));
    stop();
  }

  private void stop() {
    timer.shutdownNow();
    workers.shutdown();
  }

  private Question question(Analysis analysis) {
    if (questions.size() > MOST_QUESTIONS) {
      questions.clear();
    }
    return questions.computeIfAbsent(analysis, of -> new Question(settings, of));
  }

  private EngineDescription describe() {
    List<ServedModel> served =
        pool.endpoints().stream().map(Endpoint::served).filter(Objects::nonNull).toList();
    return new EngineDescription(
        EngineDescription.OPENAI,
        common(served.stream().map(ServedModel::build).collect(Collectors.toSet())),
        settings.model(),
        common(served.stream().map(ServedModel::sha256).collect(Collectors.toSet())),
        settings.slots(),
        served.stream().mapToInt(ServedModel::contextTokens).min().orElse(0));
  }

  /** What all servers say; nothing where they differ. */
  private static String common(Set<String> said) {
    return said.size() == 1 ? said.iterator().next() : "";
  }

  private static HttpClient client(OpenAiSettings settings, ExecutorService workers) {
    boolean clear = settings.endpoints().stream().anyMatch(uri -> "http".equals(uri.getScheme()));
    return HttpClient.newBuilder()
        // Over TLS both sides agree on HTTP/2. In clear the client would ask for it by an upgrade,
        // which some servers answer by losing the body.
        .version(clear ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2)
        .connectTimeout(CONNECT_LIMIT)
        .executor(workers)
        .build();
  }

  private static ThreadFactory threads(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      thread.setContextClassLoader(OpenAiEngine.class.getClassLoader());
      return thread;
    };
  }
}
