package io.kaiseki.pipelines.demo;

import io.kaiseki.schemas.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and what has come out, by document id. Sending is told from one thread, receiving
 * from another; what is read meanwhile may be a moment old.
 */
public final class Tally {

  private static final int SAMPLES = 8;
  private static final int HISTOGRAM_DIGITS = 3;

  private final Map<String, Instant> sent = new ConcurrentHashMap<>();
  private final Map<String, Integer> received = new ConcurrentHashMap<>();
  private final Map<String, Integer> deadByReason = new TreeMap<>();
  private final List<Received.Answered> samples = new ArrayList<>();
  private final Histogram latencyMillis = new Histogram(HISTOGRAM_DIGITS);
  private final Histogram modelMillis = new Histogram(HISTOGRAM_DIGITS);
  private volatile @Nullable Instant firstSent;
  private @Nullable Instant lastReceived;
  private volatile long answered;
  private volatile long dead;
  private volatile long duplicates;
  private volatile long unknown;
  private long inputTokens;
  private long reusedTokens;
  private long reasoningTokens;
  private long answerTokens;

  void sent(String id, Instant at) {
    if (firstSent == null) {
      firstSent = at;
    }
    sent.put(id, at);
  }

  /** Counts an outcome. The same id seen again is a duplicate, an id never sent is unknown. */
  void received(Received outcome) {
    byte[] key = outcome.record().key();
    String id = key == null ? outcome.source() : new String(key, StandardCharsets.UTF_8);
    if (received.merge(id, 1, Integer::sum) > 1) {
      duplicates++;
      return;
    }
    lastReceived = outcome.at();
    Instant sentAt = sent.get(id);
    if (sentAt == null) {
      unknown++;
    } else {
      latencyMillis.recordValue(Math.max(0, Duration.between(sentAt, outcome.at()).toMillis()));
    }
    if (outcome instanceof Received.Answered one) {
      answered(one);
    } else if (outcome instanceof Received.Dead one) {
      dead++;
      deadByReason.merge(one.letter().getReason().name(), 1, Integer::sum);
    }
  }

  private void answered(Received.Answered outcome) {
    answered++;
    TokenUsage usage = outcome.result().provenance().getUsage();
    inputTokens += usage.getDocument() + (usage.getPrefixReused() ? 0 : usage.getPrefix());
    reusedTokens += usage.getPrefixReused() ? usage.getPrefix() : 0;
    reasoningTokens += usage.getReasoning();
    answerTokens += usage.getAnswer();
    modelMillis.recordValue(outcome.result().provenance().getTimings().getTotalMillis());
    if (samples.size() < SAMPLES) {
      samples.add(outcome);
    }
  }

  /** From the first document sent to the last outcome read. */
  public Duration span() {
    Instant from = firstSent;
    return from == null || lastReceived == null
        ? Duration.ZERO
        : Duration.between(from, lastReceived);
  }

  /** Documents sent. */
  public long documents() {
    return sent.size();
  }

  /** Distinct documents with a result. */
  public long results() {
    return answered;
  }

  /** Distinct documents with a dead letter. */
  public long deadLetters() {
    return dead;
  }

  /** Records beyond the first of a document. */
  public long duplicates() {
    return duplicates;
  }

  /** Documents that are still on their way. */
  public long open() {
    return documents() + unknown - answered - dead;
  }

  /** Whether every document sent has come out exactly once, and nothing else has. */
  public boolean isExact() {
    return duplicates == 0 && unknown == 0 && sent.size() == received.size();
  }

  /** Dead letters by reason. */
  public Map<String, Integer> deadByReason() {
    return deadByReason;
  }

  /** The first few results. */
  public List<Received.Answered> samples() {
    return samples;
  }

  /** From sending a document to reading its outcome, in milliseconds. */
  public Histogram latencyMillis() {
    return latencyMillis;
  }

  /** From handing a document to the engine to its answer, in milliseconds. */
  public Histogram modelMillis() {
    return modelMillis;
  }

  /** Tokens of all results by phase: input, reused prefixes, reasoning, answers. */
  public Map<String, Long> tokens() {
    Map<String, Long> tokens = new TreeMap<>();
    tokens.put("input", inputTokens);
    tokens.put("reusedPrefix", reusedTokens);
    tokens.put("reasoning", reasoningTokens);
    tokens.put("answer", answerTokens);
    return tokens;
  }
}
