package io.kaiseki.desk.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.desk.feedback.Correction;
import io.kaiseki.desk.model.Column;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.desk.model.CorrectedAnswer;
import io.kaiseki.desk.state.Review;
import io.kaiseki.desk.view.Detail;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.feedback.FeedbackValue;
import io.kaiseki.schemas.feedback.FieldPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Words on records in lists, by the analysis that has most of them. */
class NestedCorrectionsTest {

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final Schema SCHEMA = schema();
  private static final Columns COLUMNS =
      Columns.ofEnvelope(ResultEnvelope.of("document-insight", SCHEMA).schema());

  private final ObjectNode answer =
      (ObjectNode)
          FeedbackValue.tree(
              """
              {"documentType": "invoice",
               "parties": [{"name": "Acme", "role": "seller"}, {"name": "Bolt", "role": "other"}],
               "dates": [{"what": "due", "date": "2026-04-01"}],
               "amounts": [{"what": "total", "amount": 1200.00, "currency": "EUR"}],
               "obligations": [{"who": "Bolt", "what": "pay", "byWhen": null}],
               "risks": [], "summary": "An invoice."}
              """);

  private final List<Review> reviews = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  @Test
  void columns_know_what_is_within_them() {
    assertThat(at("parties").kind()).isEqualTo(Column.Kind.LIST);
    assertThat(at("parties[0]").kind()).isEqualTo(Column.Kind.RECORD);
    assertThat(at("parties[3].role").labels()).hasSize(15);
    assertThat(at("parties[0].name").quote()).isTrue();
    assertThat(at("dates[0].date").kind()).isEqualTo(Column.Kind.DATE);
    assertThat(at("amounts[0].amount").kind()).isEqualTo(Column.Kind.NUMBER);
    assertThat(at("amounts[0].amount").scale()).isEqualTo(2);
    assertThat(at("obligations[0].byWhen").nullable()).isTrue();
    assertThat(COLUMNS.at(FieldPath.parse("parties.role").orElseThrow())).isEmpty();
  }

  @Test
  void a_value_is_held_against_the_field_however_deep_it_stands() {
    assertThat(problem("parties[0].role", "buyer")).isEmpty();
    assertThat(problem("parties[0].role", "thief")).contains("can't be 'thief'; expected one of");
    assertThat(problem("dates[0].date", "2026-02-30")).contains("must be a day");
    assertThat(problem("amounts[0].amount", "much")).contains("must be a number");
    assertThat(problem("obligations[0].byWhen", null)).isEmpty();
    assertThat(problem("parties[0].name", null)).contains("can't be null");
    assertThat(problem("parties[0].age", "3")).contains("is none of the answer's");
    assertThat(problem("parties", "[{\"name\": \"A\"}]")).contains("'parties[0].role' is missing");
    assertThat(problem("parties", "[{\"name\": \"A\", \"role\": \"x\"}]"))
        .contains("'parties[0].role' must be one of");
    assertThat(problem("dates[0]", "{\"what\": \"a\", \"date\": \"2026-01-01\", \"b\": 1}"))
        .contains("no field of the name 'b'");
    assertThat(problem("parties", "none")).contains("must be given as JSON");
  }

  @Test
  void a_text_that_there_must_be_is_not_cleared() {
    for (String blank : List.of("", " ", "\n\u2003")) {
      assertThat(problem("summary", blank)).isEqualTo("field 'summary' must have some text");
      assertThat(problem("parties[0].name", blank)).contains("must have some text");
    }
    assertThat(problem("obligations[0].what", "x")).isEmpty();
  }

  @Test
  void a_number_that_nothing_can_write_out_is_refused_however_short_its_text_is() {
    for (String number : List.of("1e99999", "1e-99999", "1e2147483647", "-1e401")) {
      assertThat(problem("amounts[0].amount", number)).contains("must be a number of 400 digits");
      assertThat(
              problem(
                  "amounts[0]",
                  "{\"what\": \"a\", \"amount\": " + number + ", \"currency\": \"EUR\"}"))
          .contains("'amounts[0].amount' must be a number of 400 digits");
    }
    assertThat(problem("amounts[0].amount", "1.7976931348623157e308")).isEmpty();
    assertThat(problem("amounts[0].amount", "4.9e-324")).isEmpty();
  }

  @Test
  void parts_are_records_of_their_own_until_somebody_has_rewritten_the_whole() {
    assertThat(written("parties[1].role", "buyer")).containsExactly("parties[1].role other buyer");
    assertThat(written("amounts[0].amount", "1250.50"))
        .containsExactly("amounts[0].amount 1200.00 1250.50");
    say("parties[1].role", "other", "buyer");
    assertThat(current().at("/parties/1/role").asText()).isEqualTo("buyer");

    String three =
        "[{\"name\":\"New\",\"role\":\"author\"},{\"name\":\"Acme\",\"role\":\"seller\"}]";
    say("parties", answer.get("parties").toString(), three);
    assertThat(current().get("parties")).hasToString(three);
    assertThat(written("parties[0].role", "recipient"))
        .containsExactly(
            "parties " + answer.get("parties") + " " + three.replace("author", "recipient"));
    assertThat(written("parties[0].role", "recipient", "parties[1].name", "ACME"))
        .containsExactly(
            "parties "
                + answer.get("parties")
                + " "
                + three.replace("author", "recipient").replace("\"Acme\"", "\"ACME\""));
    assertThat(problems).isEmpty();
  }

  @Test
  void a_word_on_what_is_not_there_or_on_the_same_twice_is_refused() {
    written("parties[2].role", "buyer");
    assertThat(problems).containsExactly("the answer has no 'parties[2].role'");
    problems.clear();
    written("parties[0].role", "buyer", "parties", "[]");
    assertThat(problems).containsExactly("field 'parties' is corrected twice");
    problems.clear();
    written("parties", "[]", "parties[0].role", "buyer");
    assertThat(problems).containsExactly("field 'parties[0].role' is corrected twice");
  }

  @Test
  void a_word_is_not_taken_over_to_an_answer_that_says_something_else_there() {
    say("obligations[0].byWhen", null, "2026-05-01");
    say("parties[0].role", "buyer", "tenant");
    say("parties[9].role", "buyer", "tenant");
    say("mood", "good", "bad");

    assertThat(current().at("/obligations/0/byWhen").asText()).isEqualTo("2026-05-01");
    assertThat(current().get("parties")).isEqualTo(answer.get("parties"));
    assertThat(current().has("mood")).isFalse();
  }

  private void say(String field, String old, String value) {
    reviews.add(
        Review.newBuilder()
            .setField(field)
            .setOld(old)
            .setValue(value)
            .setBy("A. Tester")
            .setAt(NOON)
            .build());
  }

  private ObjectNode current() {
    return CorrectedAnswer.of(answer, SCHEMA, reviews);
  }

  private List<String> written(String... fieldsAndValues) {
    FeedbackRecords records = new FeedbackRecords(detail(), answer, problems);
    for (int i = 0; i < fieldsAndValues.length; i += 2) {
      records.correct(new Correction(fieldsAndValues[i], fieldsAndValues[i + 1]), COLUMNS);
    }
    return records.records("document-insight", "A. Tester", null, NOON).stream()
        .map((Feedback word) -> word.getField() + " " + word.getOld() + " " + word.getNew$())
        .toList();
  }

  private Detail detail() {
    return Details.of(answer, current(), reviews.stream().map(Detail.Word::of).toList(), NOON);
  }

  private static Column at(String path) {
    return COLUMNS.at(FieldPath.parse(path).orElseThrow()).orElseThrow();
  }

  private static String problem(String field, String value) {
    return new Correction(field, value).problem(COLUMNS).orElse("");
  }

  private static Schema schema() {
    String file = "/analyses/document-insight/result.avsc";
    try (InputStream in =
        Objects.requireNonNull(NestedCorrectionsTest.class.getResourceAsStream(file), file)) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
