package io.kaiseki.inference.longdocument;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.FieldConfidence;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class AnswerMergerTest {

  @Test
  void a_merged_answer_is_valid_under_the_contract_and_its_confidences_name_its_fields() {
    MergedAnswer merged =
        merge(
            Answers.saying("one").sender("ACME", "firm", 0.9).lines(0.9, "a", "b"),
            Answers.saying("two").number(4).lines(0.8, "c"));

    assertThat(GenericData.get().validate(Answers.SCHEMA, merged.answer())).isTrue();
    assertThat(merged.confidences())
        .extracting(FieldConfidence::field)
        .containsExactly(
            "kind", "urgent", "sender.sort", "lines[0].sure", "lines[1].sure", "lines[2].sure");
  }

  @Test
  void a_single_part_is_its_own_merger() {
    Answers only = Answers.saying("one").kind("claim", 0.8).number(7).lines(0.7, "a");

    MergedAnswer merged = merge(only);

    assertThat(merged.answer()).isEqualTo(only.completion().answer());
    assertThat(merged.confidences()).containsExactlyElementsOf(only.completion().confidences());
    assertThat(merged.openTexts()).isEmpty();
  }

  @Test
  void labels_are_voted_on_with_their_probabilities() {
    MergedAnswer merged =
        merge(
            Answers.saying("s").kind("bill", 0.55),
            Answers.saying("s").kind("bill", 0.55),
            Answers.saying("s").kind("claim", 0.98));

    assertThat(merged.answer().get("kind")).hasToString("claim");
    assertThat(merged.confidences().get(0).probability()).isBetween(0.9, 0.98);
  }

  @Test
  void parts_that_tell_no_probabilities_keep_their_vote_beside_those_that_do() {
    MergedAnswer merged =
        merge(
            Answers.saying("s").kind("bill", 0.7).urgent(false, 0.7),
            Answers.saying("s").kind("claim", 1).urgent(true, 1).untold(),
            Answers.saying("s").kind("claim", 1).untold());

    assertThat(merged.answer().get("kind")).hasToString("claim");
    assertThat(merged.answer().get("urgent")).isEqualTo(true);
    assertThat(merged.confidences().get(0).probability()).isBetween(0.9, 0.99);
    assertThat(merged.confidences().get(0).distribution()).containsOnlyKeys("bill", "claim");
  }

  @Test
  void no_probabilities_are_made_up_where_no_part_tells_any() {
    MergedAnswer merged =
        merge(
            Answers.saying("s").kind("claim", 1).untold(),
            Answers.saying("s").kind("claim", 1).untold());

    assertThat(merged.answer().get("kind")).hasToString("claim");
    assertThat(merged.confidences()).isEmpty();
  }

  @Test
  void a_fact_that_one_part_states_is_not_lost_to_the_many_that_do_not() {
    MergedAnswer merged =
        merge(
            Answers.saying("s"),
            Answers.saying("s").number(42).words("forty-two").urgent(true, 0.9),
            Answers.saying("s"));

    assertThat(merged.answer().get("number")).isEqualTo(42);
    assertThat(merged.answer().get("words")).hasToString("forty-two");
    assertThat(merged.answer().get("urgent")).isEqualTo(true);
  }

  @Test
  void what_no_part_states_is_null() {
    GenericRecord answer = merge(Answers.saying("s"), Answers.saying("s")).answer();

    assertThat(answer.get("number")).isNull();
    assertThat(answer.get("sender")).isNull();
    assertThat(answer.get("urgent")).isNull();
  }

  @Test
  void a_label_under_the_schemas_confidence_becomes_null_and_its_confidence_keeps_it() {
    MergedAnswer merged =
        merge(Answers.saying("s").urgent(true, 0.5), Answers.saying("s").urgent(false, 0.5));

    assertThat(merged.answer().get("urgent")).isNull();
    assertThat(merged.confidences().get(1).abstained()).isTrue();
  }

  @Test
  void of_different_values_that_of_the_most_confidence_stays() {
    MergedAnswer merged =
        merge(
            Answers.saying("s").number(1).kind("bill", 0.9),
            Answers.saying("s").number(2).kind("bill", 0.7),
            Answers.saying("s").number(2).kind("bill", 0.7));

    assertThat(merged.answer().get("number")).as("two agree").isEqualTo(2);
    assertThat(
            merge(
                    Answers.saying("s").number(1).kind("bill", 0.6),
                    Answers.saying("s").number(2).kind("bill", 0.9))
                .answer()
                .get("number"))
        .as("the surer one")
        .isEqualTo(2);
    assertThat(
            merge(Answers.saying("s").number(1), Answers.saying("s").number(2))
                .answer()
                .get("number"))
        .as("of equals the first")
        .isEqualTo(1);
  }

  @Test
  void a_quote_of_a_part_with_too_few_words_stays_only_where_all_are_such() {
    Answers few = Answers.saying("s").words("Bye").kind("bill", 0.9);

    assertThat(merge(few, Answers.saying("s").words("forty-two").kind("bill", 0.6)).answer())
        .extracting(answer -> answer.get("words"))
        .hasToString("forty-two");
    assertThat(merge(few, Answers.saying("s").words("A.").kind("bill", 0.6)).answer())
        .extracting(answer -> answer.get("words"))
        .hasToString("Bye");
  }

  @Test
  void nested_records_are_merged_field_by_field() {
    GenericRecord sender =
        (GenericRecord)
            merge(
                    Answers.saying("s").sender("ACME Ltd", "person", 0.55),
                    Answers.saying("s"),
                    Answers.saying("s").sender("acme  ltd", "firm", 0.95))
                .answer()
                .get("sender");

    assertThat(sender.get("name")).as("the same to a reader").hasToString("ACME Ltd");
    assertThat(sender.get("sort")).hasToString("firm");
  }

  @Test
  void lists_are_joined_in_the_documents_order_without_repetitions() {
    MergedAnswer merged =
        merge(
            Answers.saying("s").lines(0.9, "Pay the rent", "b"),
            Answers.saying("s").lines(0.8, "pay  the RENT", "c"));

    assertThat(texts(merged)).containsExactly("Pay the rent", "b", "c");
    assertThat(merged.confidences())
        .filteredOn(confidence -> confidence.field().equals("lines[2].sure"))
        .singleElement()
        .satisfies(confidence -> assertThat(confidence.probability()).isEqualTo(0.8));
  }

  @Test
  void of_too_many_items_those_stay_that_are_said_most_often_and_most_surely() {
    MergedAnswer merged =
        merge(
            Answers.saying("s").lines(0.7, "once", "often", "surely not"),
            Answers.saying("s").lines(0.6, "often"),
            Answers.saying("s").lines(0.95, "surely", "clearly"));

    assertThat(texts(merged))
        .as("in the document's order")
        .containsExactly("often", "surely", "clearly");
    assertThat(merged.confidences())
        .extracting(FieldConfidence::field)
        .contains("lines[2].sure")
        .doesNotContain("lines[3].sure");
  }

  @Test
  void texts_about_which_the_parts_differ_are_told() {
    MergedAnswer merged = merge(Answers.saying("one"), Answers.saying("two"));

    assertThat(merged.openTexts())
        .extracting(MergedAnswer.OpenText::name)
        .containsExactly("summary");
    MergedAnswer.OpenText summary = merged.openTexts().get(0);
    assertThat(summary.of(merged.answer())).isEqualTo("one");
    summary.put(merged.answer(), "both");
    assertThat(merged.answer().get("summary")).isEqualTo("both");
  }

  private static List<String> texts(MergedAnswer merged) {
    return ((List<?>) merged.answer().get("lines"))
        .stream().map(line -> ((GenericRecord) line).get("text").toString()).toList();
  }

  private static MergedAnswer merge(Answers... answers) {
    return AnswerMerger.merge(
        Answers.CONTRACT,
        Arrays.stream(answers)
            .map(answer -> AnalysedPart.of("a part of the text", answer.completion()))
            .toList());
  }
}
