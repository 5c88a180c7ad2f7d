package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ConstraintTest {

  @Test
  void the_time_to_bind_a_label_grew_with_the_square_of_its_length() {
    Schema labels = Schema.createEnum("E", null, null, List.of("x".repeat(200_000), "y"));
    Contract contract =
        Contract.of(
            Schema.createRecord("A", null, null, false, List.of(new Schema.Field("f", labels))));
    ToyModel model = new ToyModel(SyntheticVocabulary.of("xx"));

    Constraint constraint =
        assertTimeoutPreemptively(
            Duration.ofSeconds(30), () -> new Constraint(contract, model.index()));

    AnswerDecoder decoder = model.answer(new AnswerDecoder(constraint), "").decoder();
    assertThat(decoder.tokens()).isGreaterThan(100_000).isLessThanOrEqualTo(constraint.maxTokens());
  }

  @Test
  void thousands_of_labels_were_put_in_order_while_other_answers_waited() {
    List<String> symbols = IntStream.range(0, 16_000).mapToObj(i -> "label" + i).toList();
    Schema labels = Schema.createEnum("E", null, null, symbols);
    Schema nullable = Schema.createUnion(Schema.create(Schema.Type.NULL), labels);
    AtomicInteger tokenized = new AtomicInteger();
    Contract contract =
        Contract.of(
            Schema.createRecord("A", null, null, false, List.of(new Schema.Field("f", nullable))));
    Constraint constraint =
        new Constraint(
            contract, new VocabularyIndex(counting(SyntheticVocabulary.of(), tokenized)));
    int bound = tokenized.get();

    List<ChoiceTable> tables =
        IntStream.range(0, constraint.grammar().states().size())
            .filter(state -> constraint.grammar().state(state) instanceof State.Choice)
            .mapToObj(constraint::choice)
            .toList();

    assertThat(tables).extracting(ChoiceTable::size).containsExactly(16_001);
    assertThat(tokenized).as("all was ready when the contract was bound").hasValue(bound);
  }

  private static Vocabulary counting(Vocabulary vocabulary, AtomicInteger tokenized) {
    return new Vocabulary() {
      @Override
      public int size() {
        return vocabulary.size();
      }

      @Override
      public byte[] bytes(int token) {
        return vocabulary.bytes(token);
      }

      @Override
      public int[] tokenize(String text) {
        tokenized.incrementAndGet();
        return vocabulary.tokenize(text);
      }
    };
  }
}
