package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class TextTest {

  private static final String BEFORE = "{\"t\":\"";
  private static final int LONG = 4_000;

  private static String text(int minLength, int maxLength) {
    return "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"t\",\"type\":\"string\","
        + "\"minLength\":"
        + minLength
        + ",\"maxLength\":"
        + maxLength
        + "}]}";
  }

  private static String read(ToyModel.Answer answer) throws IOException {
    return new ObjectMapper().readTree(answer.json()).get("t").textValue();
  }

  @Test
  void a_text_ends_when_the_model_closes_it() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("ok"));
    model.after(BEFORE, Map.of("ok", 1.0));
    model.after(BEFORE + "ok", Map.of("\"", 1.0));

    assertThat(read(model.answer(text(1, 100), ""))).isEqualTo("ok");
  }

  @Test
  void a_text_may_be_empty_only_where_its_bounds_allow_it() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.ofBytes());
    model.after(BEFORE, Map.of("\"", 0.9, "x", 0.1));

    assertThat(read(model.answer(text(0, 1), ""))).isEmpty();
    assertThat(read(model.answer(text(1, 1), ""))).isEqualTo("x");
  }

  @Test
  void a_vocabulary_of_bytes_cut_a_text_short_of_its_least_length() {
    VocabularyIndex index = new VocabularyIndex(SyntheticVocabulary.ofBytes());
    Constraint constraint =
        new Constraint(Contract.of(new Schema.Parser().parse(text(5, 6))), index);
    AnswerDecoder decoder = new AnswerDecoder(constraint);
    float[] row = new float[index.size()];
    for (int b = 0xF0; b < 0xF4; b++) {
      row[b] = 1; // Always begins a character of four bytes.
    }

    decoder.start(new QuoteSource(""));
    while (decoder.need() == AnswerDecoder.Need.LOGITS) {
      decoder.choose(SyntheticModel.view(row));
    }

    String text = constraint.contract().read(decoder.answer()).get("t").toString();
    assertThat(text.codePointCount(0, text.length())).isEqualTo(5);
    assertThat(decoder.tokens()).isLessThanOrEqualTo(constraint.maxTokens());
  }

  @Test
  void where_the_model_rules_out_everything_there_was_no_token_to_take() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.ofBytes());
    model.after(BEFORE, Map.of("\n", 1.0));

    assertThat(read(model.answer(text(1, 1), ""))).hasSize(1);
  }

  @Test
  void a_token_of_free_text_allocates_nothing() {
    VocabularyIndex index = new VocabularyIndex(SyntheticVocabulary.ofWords(1));
    AnswerDecoder decoder =
        new AnswerDecoder(
            new Constraint(Contract.of(new Schema.Parser().parse(text(LONG, LONG))), index));
    float[] row = new float[index.size()];
    Logits logits = SyntheticModel.view(row);
    QuoteSource document = new QuoteSource("");
    write(decoder, document, row, logits, index);

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    int tokens = write(decoder, document, row, logits, index);
    long bytes = threads.getThreadAllocatedBytes(thread) - before;

    assertThat(tokens).isGreaterThan(500);
    assertThat((double) bytes / tokens).isLessThan(8);
  }

  private static int write(
      AnswerDecoder decoder, QuoteSource document, float[] row, Logits logits, VocabularyIndex in) {
    SplittableRandom random = new SplittableRandom(9);
    decoder.start(document);
    while (decoder.need() == AnswerDecoder.Need.LOGITS) {
      decoder.clearPending();
      SyntheticModel.LONG_WINDED.speak(row, in, random);
      decoder.choose(logits);
    }
    return decoder.tokens();
  }
}
