package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Rows of logits that decoders keep while probes are out. */
class KeptRowsTest {

  private final ToyModel model =
      new ToyModel(SyntheticVocabulary.of("re", "fund", "turn", "_now", "\"}"));

  @Test
  void decoders_that_wait_for_their_next_answer_have_one_row_between_them() {
    KeptRows rows = new KeptRows();
    List<AnswerDecoder> idle = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Constraint constraint = new Constraint(beginsAnother("label" + i), model.index());
      AnswerDecoder decoder = new AnswerDecoder(constraint, new DraftMemory(), rows);
      assertThat(model.answer(decoder, "").probes()).isPositive();
      decoder.forget();
      idle.add(decoder);
    }

    assertThat(rows.idle()).isEqualTo(1);
    assertThat(model.answer(idle.get(0), "").json()).startsWith("{\"label0\":\"re");
    assertThat(rows.idle()).as("lent again").isZero();
  }

  /** Its first label begins the others, so the logits before a probe may be needed after it. */
  private static Contract beginsAnother(String field) {
    return Contract.of(
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\""
                    + field
                    + "\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":"
                    + "[\"refund\",\"refund_now\",\"refund_nowturn\"]}}]}"));
  }
}
