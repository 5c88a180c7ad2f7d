package io.kaiseki.inference.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * A model that is written down by hand: for some texts read so far, the probabilities of the tokens
 * that come next. After any other text it goes on as long as it can.
 */
final class ToyModel {

  /**
   * An answer of the model.
   *
   * @param decoder the decoder that wrote it
   * @param decisions how often the decoder waited for logits
   * @param probes how many probes it has asked for
   * @param rounds how often the model read something before it was asked
   * @param wrong how many tokens it read that were drafted and wrong
   */
  record Answer(AnswerDecoder decoder, int decisions, int probes, int rounds, int wrong) {
    String json() {
      return new String(decoder.answer(), StandardCharsets.UTF_8);
    }
  }

  private final SyntheticVocabulary vocabulary;
  private final VocabularyIndex index;
  private final Map<String, Map<String, Double>> table = new HashMap<>();
  private final float[] row;
  private final Logits logits;

  ToyModel(SyntheticVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    index = new VocabularyIndex(vocabulary);
    row = new float[index.size()];
    logits = SyntheticModel.view(row);
  }

  VocabularyIndex index() {
    return index;
  }

  /** Says what comes after a text. */
  ToyModel after(String text, Map<String, Double> probabilities) {
    table.put(raw(text.getBytes(StandardCharsets.UTF_8)), probabilities);
    return this;
  }

  /** Answers about a document. */
  Answer answer(String schema, String document) {
    return answer(Contract.of(new Schema.Parser().parse(schema)), document);
  }

  /** Answers about a document, under a contract of any kind. */
  Answer answer(Contract contract, String document) {
    return answer(new AnswerDecoder(new Constraint(contract, index)), document);
  }

  /** Answers about a document; quotes are drafted. */
  Answer answer(AnswerDecoder decoder, String document) {
    return answer(
        decoder, new QuoteSource(document, vocabulary.tokenize(document), vocabulary::bytes));
  }

  /** Answers about a document; quotes are drafted if its tokens are known. */
  Answer answer(AnswerDecoder decoder, QuoteSource source) {
    StringBuilder read = new StringBuilder();
    int decisions = 0;
    int probes = 0;
    int rounds = 0;
    int wrong = 0;
    decoder.start(source);
    while (decoder.need() != AnswerDecoder.Need.NOTHING) {
      if (decoder.need() == AnswerDecoder.Need.PROBES) {
        for (int i = 0; i < decoder.probeCount(); i++) {
          probes++;
          decoder.probed(i, logitsAfter(read + text(decoder.probe(i))));
        }
        decoder.probesDone();
      } else {
        if (decoder.pendingCount() == 0) {
          throw new AssertionError("the model has nothing new to read after " + read);
        }
        for (int i = 0; i < decoder.pendingCount(); i++) {
          read.append(text(decoder.pendingToken(i)));
        }
        decoder.clearPending();
        rounds++;
        decisions++;
        int drafted = decoder.draft(Integer.MAX_VALUE, 0.75f);
        decoder.choose(logitsAfter(read.toString()));
        int right = 0;
        while (decoder.accepted(right)) {
          read.append(text(decoder.draftToken(right++)));
          decisions++;
          decoder.choose(logitsAfter(read.toString()));
        }
        wrong += drafted - right;
      }
    }
    return new Answer(decoder, decisions, probes, rounds, wrong);
  }

  private Logits logitsAfter(String text) {
    Map<String, Double> next = table.get(text);
    Arrays.fill(row, next == null ? 0 : -50);
    if (next == null) {
      row[vocabulary.token("\"")] = -1;
    } else {
      next.forEach((token, p) -> row[vocabulary.token(token)] = (float) Math.log(p));
    }
    return logits;
  }

  private String text(int... tokens) {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      text.append(raw(vocabulary.bytes(token)));
    }
    return text.toString();
  }

  /** One char for each byte: tokens may end inside a character. */
  private static String raw(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
