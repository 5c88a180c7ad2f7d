package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits of damaged weights are no numbers, and what is taken by them is no answer. */
class DamagedLogitsTest {

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
    String schema = "{'type':'record','name':'A','fields':[" + field + "]}";
    VocabularyIndex index = new VocabularyIndex(SyntheticVocabulary.ofWords(1));
    AnswerDecoder decoder =
        new AnswerDecoder(
            new Constraint(
                Contract.of(new Schema.Parser().parse(schema.replace('\'', '"'))), index));
    float[] row = new float[index.size()];
    Arrays.fill(row, Float.NaN);

    assertThatThrownBy(() -> write(decoder, SyntheticModel.view(row)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("is no number");
  }

  private static void write(AnswerDecoder decoder, Logits logits) {
    decoder.start(new QuoteSource("My parcel is late."));
    while (decoder.need() != AnswerDecoder.Need.NOTHING) {
      if (decoder.need() == AnswerDecoder.Need.LOGITS) {
        decoder.choose(logits);
        continue;
      }
      for (int i = 0; i < decoder.probeCount(); i++) {
        decoder.probed(i, logits);
      }
      decoder.probesDone();
    }
  }
}
