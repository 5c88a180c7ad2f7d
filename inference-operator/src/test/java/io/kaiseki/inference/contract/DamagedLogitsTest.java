package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits of damaged weights are no numbers, and what is taken by them is no answer. */
class DamagedLogitsTest {

  /** At least as many as any vocabulary here has tokens. */
  private static final int SIZE = 1_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':'f','type':'string'}",
        "{'name':'f','type':'string','quote':true}",
        "{'name':'f','type':'int'}",
        "{'name':'f','type':'double'}",
        "{'name':'f','type':'boolean'}",
        "{'name':'f','type':{'type':'array','items':'string'}}",
        "{'name':'f','type':['null','string']}"
      })
  void no_field_is_answered(String field) {
    AnswerDecoder decoder = decoder(field, SyntheticVocabulary.ofWords(1));
    Logits damaged = damaged();

    assertThatThrownBy(() -> write(decoder, damaged, damaged))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("is no number");
  }

  @Test
  void a_label_won_over_likelier_ones_whose_probe_was_no_number() {
    SyntheticVocabulary vocabulary = SyntheticVocabulary.ofBytes();
    AnswerDecoder decoder =
        decoder(
            "{'name':'f','type':{'type':'enum','name':'E','symbols':['a','b_1','b_2']}}",
            vocabulary);
    float[] row = new float[SIZE];
    row[vocabulary.token("b")] = 1;

    assertThatThrownBy(() -> write(decoder, SyntheticModel.view(row), damaged()))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("is no number");
  }

  private static AnswerDecoder decoder(String field, SyntheticVocabulary vocabulary) {
    String schema = "{'type':'record','name':'A','fields':[" + field + "]}";
    return new AnswerDecoder(
        new Constraint(
            Contract.of(new Schema.Parser().parse(schema.replace('\'', '"'))),
            new VocabularyIndex(vocabulary)));
  }

  private static Logits damaged() {
    float[] row = new float[SIZE];
    Arrays.fill(row, Float.NaN);
    return SyntheticModel.view(row);
  }

  private static void write(AnswerDecoder decoder, Logits logits, Logits afterProbe) {
    decoder.start(new QuoteSource("My parcel is late."));
    while (decoder.need() != AnswerDecoder.Need.NOTHING) {
      if (decoder.need() == AnswerDecoder.Need.LOGITS) {
        decoder.choose(logits);
        continue;
      }
      for (int i = 0; i < decoder.probeCount(); i++) {
        decoder.probed(i, afterProbe);
      }
      decoder.probesDone();
    }
  }
}
