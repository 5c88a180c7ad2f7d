package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.AnswerDecoder;
import io.kaiseki.inference.contract.Constraint;
import io.kaiseki.inference.contract.DraftMemory;
import io.kaiseki.inference.contract.KeptRows;
import io.kaiseki.inference.contract.QuoteSource;
import io.kaiseki.inference.contract.VocabularyIndex;
import io.kaiseki.inference.prompt.MarkerNeutralizer;
import io.kaiseki.inference.prompt.R1Prompt;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;

/** What an engine works out once for each analysis. The decoders belong to the engine's thread. */
final class AnalysisPlan {

  private final Analysis analysis;
  private final int[] prefix;
  private final int[] suffix;
  private final int[] noReasoning;
  private final int[] startOfReasoning;
  private final int[] endOfReasoning;
  private final Constraint constraint;
  private final boolean quotes;
  private final DraftMemory draftMemory = new DraftMemory();
  private final KeptRows keptRows;
  private final Deque<AnswerDecoder> idleDecoders = new ArrayDeque<>();
  private final AtomicInteger users = new AtomicInteger();

  /**
   * @param neutralizer of the vocabulary's markers
   * @param keptRows shared by the plans of an engine; belongs to its thread
   */
  AnalysisPlan(
      Analysis analysis,
      LlamaVocabulary vocabulary,
      MarkerNeutralizer neutralizer,
      VocabularyIndex index,
      KeptRows keptRows) {
    this.analysis = analysis;
    this.keptRows = keptRows;
    Function<List<R1Prompt.Piece>, int[]> tokens =
        pieces -> tokens(vocabulary, neutralizer, pieces);
    int[] text = tokens.apply(R1Prompt.prefix(analysis));
    if (vocabulary.addsBeginOfSequence()) {
      prefix = new int[text.length + 1];
      prefix[0] = vocabulary.beginOfSequence();
      System.arraycopy(text, 0, prefix, 1, text.length);
    } else {
      prefix = text;
    }
    suffix = tokens.apply(R1Prompt.suffix(analysis));
    noReasoning = tokens.apply(R1Prompt.noReasoning());
    startOfReasoning = tokens.apply(R1Prompt.startOfReasoning());
    endOfReasoning = tokens.apply(R1Prompt.endOfReasoning());
    constraint = new Constraint(analysis.contract(), index);
    quotes = constraint.quotes();
  }

  /** Instructions and docs of fields may come from a client, and are no more trusted than text. */
  private static int[] tokens(
      LlamaVocabulary vocabulary, MarkerNeutralizer neutralizer, List<R1Prompt.Piece> pieces) {
    return pieces.stream()
        .map(
            piece ->
                piece.marker()
                    ? vocabulary.marker(piece.text())
                    : vocabulary.tokenize(neutralizer.neutralize(piece.text())))
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  Analysis analysis() {
    return analysis;
  }

  /** Tokens that every document of the analysis shares. */
  int[] prefix() {
    return prefix;
  }

  /** Tokens between a document and the model's turn. */
  int[] suffix() {
    return suffix;
  }

  /** Tokens after the suffix where the model shall not think. */
  int[] noReasoning() {
    return noReasoning;
  }

  /** Tokens after the suffix where the model shall think. */
  int[] startOfReasoning() {
    return startOfReasoning;
  }

  /** Tokens that close the reasoning. */
  int[] endOfReasoning() {
    return endOfReasoning;
  }

  ReasoningPolicy reasoning() {
    return analysis.reasoning();
  }

  /** Most tokens after the document: suffix, reasoning with its open and close, answer. */
  long tokensAfterDocument() {
    long budget = analysis.reasoning().maxTokens();
    long reasoning = budget == 0 ? 0 : startOfReasoning.length + budget + endOfReasoning.length;
    return suffix.length + Math.max(noReasoning.length, reasoning) + constraint.maxTokens();
  }

  /**
   * A document as its quotes are checked against; nothing where none can be asked for.
   *
   * @param tokens the tokens that the model reads it as
   * @param spelled the bytes of a token
   */
  QuoteSource quotes(String document, int[] tokens, IntFunction<byte[]> spelled) {
    return quotes ? new QuoteSource(document, tokens, spelled) : QuoteSource.EMPTY;
  }

  /** Says that a request with this plan waits or runs. */
  void enter() {
    users.incrementAndGet();
  }

  /** Says that it does so no longer. */
  void leave() {
    users.decrementAndGet();
  }

  boolean inUse() {
    return users.get() > 0;
  }

  AnswerDecoder takeDecoder() {
    AnswerDecoder idle = idleDecoders.poll();
    return idle == null ? new AnswerDecoder(constraint, draftMemory, keptRows) : idle;
  }

  void giveBack(AnswerDecoder decoder) {
    decoder.forget();
    idleDecoders.push(decoder);
  }
}
