package io.kaiseki.inference.openai;

import dev.failsafe.CircuitBreaker;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: what it is, how many requests it works on, and whether it is well. It opens its
 * circuit after five failures in a row, and gets one request as a trial five seconds later, or as
 * soon as a health check succeeds. One that refuses to serve is left alone at once, as {@link
 * Standing} tells. Safe for use by several threads.
 */
final class Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final int FAILURES = 5;
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final String base;
  private final CircuitBreaker<Object> breaker;
  private final Standing standing;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicReference<AnswerFormat> format =
      new AtomicReference<>(AnswerFormat.JSON_SCHEMA);
  private volatile long busyUntilNanos = System.nanoTime();
  private volatile @Nullable ServedModel served;
  private volatile boolean givesLogprobs = true;
  private volatile @Nullable String problem;

  /**
   * @param nanos the time by which one that refuses is left alone
   */
  Endpoint(URI address, LongSupplier nanos) {
    standing = new Standing(nanos);
    String stripped = address.toString().replaceAll("/+$", "");
    base = stripped.endsWith("/v1") ? stripped : stripped + "/v1";
    breaker =
        CircuitBreaker.builder()
            .withFailureThreshold(FAILURES)
            .withDelay(PAUSE)
            .onOpen(event -> LOG.warn("event=endpoint-down endpoint={}", base))
            .onClose(event -> LOG.info("event=endpoint-up endpoint={}", base))
            .build();
  }

  URI completions() {
    return URI.create(base + "/chat/completions");
  }

  URI models() {
    return URI.create(base + "/models");
  }

  int inFlight() {
    return inFlight.get();
  }

  /** What it says of itself; null until it has been asked with success. */
  @Nullable ServedModel served() {
    return served;
  }

  /** Whether it is asked for the probabilities of tokens. */
  boolean givesLogprobs() {
    return givesLogprobs;
  }

  /** It has refused a request for asking. */
  void withoutLogprobs() {
    givesLogprobs = false;
  }

  /** What it is asked to hold its model to. */
  AnswerFormat format() {
    return format.get();
  }

  /**
   * It has refused a request for its format, and is asked for less from now on.
   *
   * @return whether this was not known before
   */
  boolean without(AnswerFormat refused) {
    return format.compareAndSet(refused, refused.less());
  }

  /** How often it has refused to serve; what a request that begins now is known by. */
  int refusals() {
    return standing.refusals();
  }

  /** Why it refuses to serve, whatever it is asked; null where it does not. */
  @Nullable String refusal() {
    return standing.refusal();
  }

  /** Whether it goes on refusing, so that waiting any longer is of no use. */
  boolean refusesLastingly() {
    return standing.lasting();
  }

  /** Why it refuses, or what its last health check found wrong; null where it is well. */
  @Nullable String problem() {
    String refusal = standing.refusal();
    return refusal != null ? refusal : doubtful() ? problem : null;
  }

  /** It has failed a health check; a problem is logged once, however long it lasts. */
  void unwell(String found) {
    if (!found.equals(problem)) {
      LOG.warn("event=endpoint-unwell endpoint={} problem={}", base, found);
    }
    problem = found;
  }

  /** It has refused a health check as it would refuse any request. */
  void refusedCheck(String found) {
    unwell(found);
    standing.refusedCheck(found);
  }

  /** It has answered a health check. */
  void healthy(ServedModel served) {
    this.served = served;
    problem = null;
    if (!breaker.isClosed()) {
      breaker.close();
    }
  }

  /** Whether it takes requests, as far as is known. */
  boolean well() {
    return served != null && breaker.isClosed() && standing.refusal() == null;
  }

  /** Whether a health check is due: it has never answered one, or it failed since. */
  boolean doubtful() {
    return served == null || !breaker.isClosed();
  }

  /** Whether the caller is to try whether it still refuses to serve. */
  boolean tries() {
    return standing.tries();
  }

  /** Takes a place in it; false where it takes no request now. */
  boolean take() {
    if (served == null
        || System.nanoTime() - busyUntilNanos < 0
        || standing.refusal() != null
        || !breaker.tryAcquirePermit()) {
      return false;
    }
    inFlight.incrementAndGet();
    return true;
  }

  /**
   * It has served a request, or would have.
   *
   * @param began how often it had refused to serve when the request began
   */
  void serves(int began) {
    if (standing.served(began)) {
      LOG.info("event=endpoint-serves endpoint={}", base);
    }
  }

  /**
   * It has refused to serve, which is logged once, however often.
   *
   * @param began how often it had refused when the request began
   * @return how often it has now
   */
  synchronized int refuses(int began, String why) {
    if (standing.refusal() == null) {
      LOG.warn("event=endpoint-refuses endpoint={} problem={}", base, why);
    }
    return standing.refused(began, why);
  }

  /** Whether it has served a request that began after so many refusals. */
  boolean servedSince(int refusals) {
    return standing.servedSince(refusals);
  }

  /** Gives the place back: it has replied, or nobody waits for the reply any more. */
  void done() {
    inFlight.decrementAndGet();
    breaker.recordSuccess();
  }

  /** Gives the place back: it has failed. */
  void failed(ChatFault.Passing fault) {
    inFlight.decrementAndGet();
    if (fault.sick()) {
      breaker.recordFailure();
    } else {
      breaker.recordSuccess();
    }
    Duration wait = fault.pause();
    if (wait != null) {
      busyUntilNanos = System.nanoTime() + wait.toNanos();
    }
  }

  @Override
  public String toString() {
    return base;
  }
}
