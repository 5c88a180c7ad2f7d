package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.contract.AnswerDecoder;
import io.kaiseki.inference.contract.Logits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A running sequence: what the model has read of a request, what it is to read next, and how its
 * reasoning and answer stand. Belongs to the engine's thread.
 */
final class Slot {

  /** No logits are due for the slot in this batch. */
  private static final int NO_ROW = -1;

  private final PendingRequest pending;
  private final Prefix prefix;
  private final boolean prefixReused;
  private final int sequence;
  private final AnswerDecoder decoder;
  private final ReasoningSampler sampler;
  private final LlamaVocabulary vocabulary;
  private final int endOfReasoning;
  private final long admittedNanos;
  private final ByteArrayOutputStream reasoning = new ByteArrayOutputStream();
  private final SplittableRandom random;

  private boolean attached;
  private int position;
  private int[] feed;
  private int feedSize;
  private int fed;
  private boolean thinking;
  private int reasoningTokens;
  private boolean reconsidered;
  private int firstAnswerTokens;
  private int firstForcedTokens;
  private FinishReason finishReason = FinishReason.COMPLETE;
  private long firstTokenNanos;
  private long thinkingFromNanos;
  private long thinkingUntilNanos;
  private int row = NO_ROW;
  private int drafted;
  private int draftRow;
  private int probesAnswered;

  Slot(
      PendingRequest pending,
      Prefix prefix,
      boolean prefixReused,
      int sequence,
      ReasoningSampler sampler,
      LlamaVocabulary vocabulary,
      int endOfReasoning,
      long now) {
    this.pending = pending;
    this.prefix = prefix;
    this.prefixReused = prefixReused;
    this.sequence = sequence;
    this.sampler = sampler;
    this.vocabulary = vocabulary;
    this.endOfReasoning = endOfReasoning;
    admittedNanos = now;
    decoder = pending.plan().takeDecoder();
    random = new SplittableRandom(pending.id().hashCode());
    feed = Arrays.copyOf(pending.tokens(), pending.tokens().length + 64);
    feedSize = pending.tokens().length;
    position = prefix.length();
    if (pending.plan().reasoning() instanceof ReasoningPolicy.Always) {
      startThinking();
    } else {
      push(pending.plan().noReasoning());
      startAnswer(now);
    }
  }

  PendingRequest pending() {
    return pending;
  }

  Prefix prefix() {
    return prefix;
  }

  int sequence() {
    return sequence;
  }

  int cells() {
    return pending.cells();
  }

  /** The class of service of those who wait now. */
  Lane lane() {
    return pending.flight().lane();
  }

  /** Whether nothing in the answer was sampled, so that it would come out the same again. */
  boolean greedy() {
    return !(pending.plan().reasoning() instanceof ReasoningPolicy.Always) && !reconsidered;
  }

  AnswerDecoder decoder() {
    return decoder;
  }

  /** Position after the last token that the model has read. */
  int position() {
    return position;
  }

  /** Tokens of its own that the model has read for the slot: what giving it up would waste. */
  int tokensRead() {
    return position - prefix.length();
  }

  /** Tokens that the model is to read before the slot's next decision. */
  int unread() {
    return feedSize - fed;
  }

  /** Tokens that the model is to read in one step for the slot to decide, those of probes too. */
  int due() {
    if (!probing()) {
      return unread();
    }
    int tokens = 0;
    for (int i = probesAnswered; i < decoder.probeCount(); i++) {
      tokens += decoder.probe(i).length;
    }
    return tokens;
  }

  /** Whether some of the document is still to be read. */
  boolean reading() {
    return position < prefix.length() + pending.tokens().length;
  }

  boolean finished() {
    return !thinking && decoder.need() == AnswerDecoder.Need.NOTHING;
  }

  /** Whether the slot waits for probes, and has read everything else. */
  boolean probing() {
    return !thinking && unread() == 0 && decoder.need() == AnswerDecoder.Need.PROBES;
  }

  int probesAnswered() {
    return probesAnswered;
  }

  /** Puts as many of the unread tokens into the batch as fit. */
  void feed(NativeContext context) {
    if (!attached) {
      context.share(prefix.sequence(), sequence, 0, prefix.length());
      attached = true;
    }
    int count = Math.min(context.room(), unread());
    for (int i = 0; i < count; i++) {
      boolean last = fed + 1 == feedSize;
      int added = context.add(feed[fed++], position++, sequence, last);
      if (last) {
        row = added;
      }
    }
  }

  /**
   * Adds what the answer likely goes on with to a batch that has all unread tokens of the slot.
   *
   * @param most tokens
   * @param least the probability of being right that a token has to have
   */
  void draft(NativeContext context, int most, float least) {
    if (row == NO_ROW || thinking) {
      return;
    }
    // Cells are reserved for the longest answer, which a draft must not go beyond.
    drafted = decoder.draft(Math.min(most, pending.cells() - tokensRead()), least);
    for (int i = 0; i < drafted; i++) {
      int added = context.add(decoder.draftToken(i), position + i, sequence, true);
      draftRow = i == 0 ? added : draftRow;
    }
  }

  /** Tokens in the batch that the slot has drafted. */
  int drafted() {
    return drafted;
  }

  /**
   * Takes drafted tokens back that are the last ones of the batch.
   *
   * @param most tokens
   * @return how many these were
   */
  int undraft(NativeContext context, int most) {
    int taken = Math.min(most, drafted);
    context.takeBack(taken);
    drafted -= taken;
    decoder.shortenDraft(drafted);
    return taken;
  }

  /** Whether the last batch has logits for this slot. */
  boolean hasLogits() {
    return row != NO_ROW;
  }

  /**
   * Takes the logits after the last unread token, and after each drafted one that was right.
   *
   * @return how many were
   * @throws ArithmeticException if the logits are no numbers
   */
  int advance(NativeContext context, long now) {
    fed = 0;
    feedSize = 0;
    Logits logits = context.logits(row);
    row = NO_ROW;
    if (thinking) {
      think(sampler.sample(logits, random), now);
      return 0;
    }
    decoder.choose(logits);
    int right = 0;
    while (decoder.accepted(right)) {
      decoder.choose(context.logits(draftRow + right++));
    }
    position += right;
    if (right < drafted) {
      context.forget(sequence, position);
    }
    drafted = 0;
    takePending(now);
    return right;
  }

  /**
   * Takes the logits of the next probe.
   *
   * @throws ArithmeticException if the logits are no numbers
   */
  void probed(Logits logits) {
    decoder.probed(probesAnswered++, logits);
  }

  /**
   * Goes on once all probes of a round are answered.
   *
   * @throws ArithmeticException if the logits before them serve once more and are no numbers
   */
  void probesDone(long now) {
    probesAnswered = 0;
    decoder.probesDone();
    takePending(now);
  }

  private void think(int token, long now) {
    markFirstToken(now);
    if (thinkingFromNanos == 0) {
      thinkingFromNanos = now;
    }
    boolean closed = token == endOfReasoning;
    if (!closed) {
      reasoningTokens++;
      byte[] piece = vocabulary.bytes(token);
      reasoning.write(piece, 0, piece.length);
      push(token);
    }
    if (closed || reasoningTokens >= pending.plan().reasoning().maxTokens()) {
      finishReason = closed ? FinishReason.COMPLETE : FinishReason.REASONING_BUDGET;
      push(pending.plan().endOfReasoning());
      thinking = false;
      thinkingUntilNanos = now;
      startAnswer(now);
    }
  }

  /**
   * Rolls a finished slot back to the end of the document and lets it think, where the policy asks
   * for that: the KV cells of prompt and document are still there.
   *
   * @return whether the slot goes on
   */
  boolean reconsider(NativeContext context, long now) {
    if (reconsidered
        || !(pending.plan().reasoning() instanceof ReasoningPolicy.WhenUnsure policy)
        || decoder.leastProbability() >= policy.threshold()) {
      return false;
    }
    reconsidered = true;
    firstAnswerTokens = decoder.tokens();
    firstForcedTokens = decoder.forcedTokens();
    position = prefix.length() + pending.tokens().length;
    context.forget(sequence, position);
    fed = 0;
    feedSize = 0;
    thinkingFromNanos = now;
    startThinking();
    return true;
  }

  private void startThinking() {
    push(pending.plan().startOfReasoning());
    thinking = true;
  }

  private void push(int[] tokens) {
    for (int token : tokens) {
      push(token);
    }
  }

  private void startAnswer(long now) {
    decoder.start(pending.quotes());
    takePending(now);
  }

  private void takePending(long now) {
    for (int i = 0; i < decoder.pendingCount(); i++) {
      push(decoder.pendingToken(i));
    }
    decoder.clearPending();
    if (attached) {
      markFirstToken(now);
    }
  }

  private void markFirstToken(long now) {
    if (firstTokenNanos == 0) {
      firstTokenNanos = now;
    }
  }

  private void push(int token) {
    if (feedSize == feed.length) {
      feed = Arrays.copyOf(feed, feedSize * 2);
    }
    feed[feedSize++] = token;
  }

  /**
   * The completion of a finished slot.
   *
   * @throws IllegalArgumentException if the answer can't be read
   */
  Completion completion(long now) {
    String thoughts = reasoningTokens == 0 ? null : reasoning.toString(StandardCharsets.UTF_8);
    return new Completion(
        pending.plan().analysis().contract().read(decoder.answer()),
        decoder.confidences(),
        stripped(thoughts),
        usage(),
        finishReason,
        timings(now));
  }

  private Timings timings(long now) {
    return new Timings(
        sinceSubmission(admittedNanos),
        sinceSubmission(firstTokenNanos == 0 ? now : firstTokenNanos),
        sinceSubmission(now),
        thinkingUntilNanos == 0
            ? null
            : new Timings.Phase(
                sinceSubmission(thinkingFromNanos), sinceSubmission(thinkingUntilNanos)));
  }

  private Duration sinceSubmission(long nanos) {
    return Duration.ofNanos(nanos - pending.submittedNanos());
  }

  private static @Nullable String stripped(@Nullable String thoughts) {
    return thoughts == null ? null : thoughts.strip();
  }

  TokenUsage usage() {
    return new TokenUsage(
        prefix.length(),
        prefixReused,
        pending.tokens().length,
        reasoningTokens,
        firstAnswerTokens + decoder.tokens(),
        firstForcedTokens + decoder.forcedTokens());
  }
}
