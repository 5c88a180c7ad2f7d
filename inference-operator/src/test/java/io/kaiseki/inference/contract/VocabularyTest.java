package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class VocabularyTest {

  private static final String NAMES =
      "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"概要\",\"type\":\"string\"},"
          + "{\"name\":\"種類\",\"type\":{\"type\":\"enum\",\"name\":\"E\","
          + "\"symbols\":[\"返金\",\"返品\",\"größe\"]}}]}";

  /** Some vocabulary, changed. */
  private abstract static class Changed implements Vocabulary {
    private final Vocabulary whole = SyntheticVocabulary.ofBytes();

    @Override
    public int size() {
      return whole.size();
    }

    @Override
    public byte[] bytes(int token) {
      return whole.bytes(token);
    }

    @Override
    public int[] tokenize(String text) {
      return whole.tokenize(text);
    }
  }

  @Test
  void a_vocabulary_without_a_byte_is_refused_since_an_answer_could_get_stuck() {
    Vocabulary withoutB =
        new Changed() {
          @Override
          public byte[] bytes(int token) {
            return token == 'b' ? new byte[0] : super.bytes(token);
          }
        };

    assertThatThrownBy(() -> new VocabularyIndex(withoutB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x62");
  }

  @Test
  void a_tokenizer_that_changes_the_text_is_refused_when_the_contract_is_bound() {
    Vocabulary addsSpace =
        new Changed() {
          @Override
          public int[] tokenize(String text) {
            return super.tokenize(" " + text);
          }
        };
    Contract contract = Contract.of(new Schema.Parser().parse(NAMES));

    assertThatThrownBy(() -> new Constraint(contract, new VocabularyIndex(addsSpace)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("byte-level BPE");
  }

  @Test
  void names_and_symbols_outside_ascii_were_refused_as_a_fault_of_the_tokenizer() {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("返", "\",\""));
    model.after("{\"概要\":\"", Map.of("返", 1.0));
    model.after("{\"概要\":\"返", Map.of("\",\"", 1.0));

    assertThat(model.answer(NAMES, "").json()).startsWith("{\"概要\":\"返\",\"種類\":\"");
  }

  @Test
  void a_token_may_end_a_text_and_stop_inside_a_character_of_the_next_name() {
    VocabularyIndex index = new VocabularyIndex(SyntheticVocabulary.ofBytes());
    Constraint constraint = new Constraint(Contract.of(new Schema.Parser().parse(NAMES)), index);
    byte[] name = "種類".getBytes(StandardCharsets.UTF_8);

    assertThat(constraint.tokenize(name, 1))
        .containsExactly(
            index.byteToken(name[1]),
            index.byteToken(name[2]),
            index.byteToken(name[3]),
            index.byteToken(name[4]),
            index.byteToken(name[5]));
    assertThat(constraint.tokenize(name, 6)).isEmpty();
  }

  @Test
  void the_bound_of_an_answer_does_not_overflow() {
    StringBuilder type = new StringBuilder("{\"type\":\"string\",\"maxLength\":16384}");
    for (int i = 0; i < 8; i++) {
      type.insert(0, "{\"type\":\"array\",\"maxItems\":1024,\"items\":").append('}');
    }
    Contract contract =
        Contract.of(
            new Schema.Parser()
                .parse(
                    "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"f\",\"type\":"
                        + type
                        + "}]}"));

    assertThat(
            new Constraint(contract, new VocabularyIndex(SyntheticVocabulary.ofBytes()))
                .maxTokens())
        .isEqualTo(Integer.MAX_VALUE);
  }
}
