package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Free text, drafted as earlier answers went. */
class TextDraftTest {

  private static final String SUMMARY = "{\"summary\":\"";

  private static final SyntheticVocabulary TOKENS =
      SyntheticVocabulary.of("A", " bill", " is", " wrong", " lost", "\"", "\"}", ".");

  private final ToyModel model = new ToyModel(TOKENS);
  private final AnswerDecoder decoder =
      decoder("{\"name\": \"summary\", \"type\": \"string\", \"maxLength\": 50}");

  TextDraftTest() {
    says("A", " bill", " is", " wrong", ".", "\"}");
  }

  @Test
  void a_text_that_has_been_written_before_is_the_same_in_fewer_rounds() {
    ToyModel.Answer first = model.answer(decoder, "");
    String expected = first.json();
    model.answer(decoder, "");
    model.answer(decoder, "");
    ToyModel.Answer known = model.answer(decoder, "");

    assertThat(first.rounds()).isEqualTo(6);
    assertThat(known.json()).isEqualTo(expected);
    assertThat(known.decisions()).isEqualTo(first.decisions());
    // Of a new field, four tokens are drafted; then the one that is left.
    assertThat(known.rounds()).isEqualTo(2);
    assertThat(known.wrong()).isZero();
  }

  @Test
  void a_text_that_parts_from_earlier_ones_is_the_models_own() {
    for (int i = 0; i < 3; i++) {
      model.answer(decoder, "");
    }
    says("A", " bill", " is", " lost", "\"}");

    ToyModel.Answer other = model.answer(decoder, "");

    assertThat(other.json()).isEqualTo("{\"summary\":\"A bill is lost\"}");
    assertThat(other.wrong()).isPositive();
  }

  @Test
  void a_draft_that_is_read_in_part_is_accepted_in_part() {
    for (int i = 0; i < 3; i++) {
      model.answer(decoder, "");
    }
    decoder.start(new QuoteSource(""));
    decoder.clearPending();

    assertThat(decoder.draft(8, 0.75f)).isGreaterThan(2);
    decoder.shortenDraft(2);
    choose("A");
    assertThat(decoder.accepted(0)).isTrue();
    choose(" bill");
    assertThat(decoder.accepted(1)).isTrue();
    choose(" is");
    assertThat(decoder.accepted(2)).as("drafted, but not read").isFalse();
    assertThat(decoder.pendingCount()).isEqualTo(1);
  }

  private void choose(String token) {
    float[] row = new float[model.index().size()];
    row[TOKENS.token(token)] = 1;
    decoder.choose(SyntheticModel.view(row));
  }

  @Test
  void a_decoder_drafts_from_what_others_of_its_contract_have_written() {
    Constraint constraint = constraint("{\"name\": \"summary\", \"type\": \"string\"}");
    DraftMemory memory = new DraftMemory();
    for (int i = 0; i < 3; i++) {
      model.answer(new AnswerDecoder(constraint, memory), "");
    }

    assertThat(model.answer(new AnswerDecoder(constraint, memory), "").rounds()).isEqualTo(2);
  }

  @Test
  void the_texts_of_a_list_are_drafted_from_each_other() {
    AnswerDecoder list =
        decoder(
            "{\"name\": \"l\", \"type\": {\"type\": \"array\", \"items\": \"string\"},"
                + " \"minItems\": 4, \"maxItems\": 4}");
    String written = "{\"l\":[\"";
    for (int item = 0; item < 4; item++) {
      for (String token : List.of("A", " bill", "\"", ",", "\"")) {
        model.after(written, Map.of(token, 1.0));
        written += token;
      }
    }

    ToyModel.Answer answer = model.answer(list, "");

    assertThat(answer.json()).isEqualTo("{\"l\":[\"A bill\",\"A bill\",\"A bill\",\"A bill\"]}");
    assertThat(answer.rounds()).as("three for each but the last, which takes one").isEqualTo(10);
  }

  private void says(String... tokens) {
    String written = SUMMARY;
    for (String token : tokens) {
      model.after(written, Map.of(token, 1.0));
      written += token;
    }
  }

  private AnswerDecoder decoder(String field) {
    return new AnswerDecoder(constraint(field));
  }

  private Constraint constraint(String field) {
    String schema = "{\"type\": \"record\", \"name\": \"A\", \"fields\": [" + field + "]}";
    return new Constraint(Contract.of(new Schema.Parser().parse(schema)), model.index());
  }
}
