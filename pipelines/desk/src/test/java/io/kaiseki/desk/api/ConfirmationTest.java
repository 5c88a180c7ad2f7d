package io.kaiseki.desk.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.desk.Triage;
import io.kaiseki.desk.feedback.Correction;
import io.kaiseki.desk.model.Column;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.desk.view.Detail;
import io.kaiseki.schemas.feedback.FeedbackValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a confirmation says of each field, beside what was said of it before. */
class ConfirmationTest {

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final Columns COLUMNS = Columns.ofEnvelope(Triage.ENVELOPE.schema());

  private final ObjectNode answer =
      (ObjectNode)
          FeedbackValue.tree(
              """
              {"language": "en", "customerQuote": null, "category": "billing",
               "priority": "normal", "sentiment": "negative", "needsHuman": false,
               "suggestedTeam": "first_line", "product": "router", "references": [],
               "summary": "A customer asks."}
              """);

  private final List<Detail.Word> reviews = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  @Test
  void all_closed_fields_are_confirmed_and_no_open_ones() {
    assertThat(confirmed(COLUMNS))
        .containsExactly(
            "language en en",
            "category billing billing",
            "priority normal normal",
            "sentiment negative negative",
            "needsHuman false false",
            "suggestedTeam first_line first_line");
  }

  @Test
  void what_somebody_has_corrected_is_not_taken_back() {
    said("category", "billing", "contract");
    said("priority", "normal", "normal");
    // Confirmed when the model said so; it says something else by now.
    said("sentiment", "neutral", "neutral");

    assertThat(confirmed(COLUMNS))
        .contains("priority normal normal")
        .noneMatch(word -> word.startsWith("category ") || word.startsWith("sentiment "));
  }

  @Test
  void a_correction_given_along_stands_whatever_was_said_before() {
    said("category", "billing", "contract");

    assertThat(confirmed(COLUMNS, new Correction("category", "other")))
        .contains("category billing other", "priority normal normal")
        .hasSize(6);
  }

  @Test
  void what_the_answer_of_an_older_schema_does_not_have_is_not_confirmed() {
    answer.remove("priority");

    assertThat(confirmed(COLUMNS))
        .contains("category billing billing", "needsHuman false false")
        .noneMatch(word -> word.startsWith("priority "))
        .hasSize(5);
    assertThat(problems).isEmpty();
  }

  @Test
  void an_answer_without_closed_fields_has_nothing_to_confirm() {
    Columns open =
        new Columns(
            "Summary",
            "",
            List.of(
                new Column(
                    "summary",
                    Column.Kind.TEXT,
                    false,
                    List.of(),
                    "",
                    false,
                    List.of(),
                    null,
                    null)));

    assertThat(confirmed(open)).isEmpty();
    assertThat(problems).singleElement().asString().contains("there is nothing to confirm");

    problems.clear();
    assertThat(confirmed(open, new Correction("summary", "Better.")))
        .containsExactly("summary A customer asks. Better.");
    assertThat(problems).isEmpty();
  }

  private void said(String field, String old, String value) {
    reviews.add(new Detail.Word(field, old, value, "A. Tester", NOON));
  }

  private List<String> confirmed(Columns columns, Correction... corrections) {
    FeedbackRecords records = new FeedbackRecords(detail(), answer, problems);
    for (Correction correction : corrections) {
      records.correct(correction, columns);
    }
    records.confirm(columns);
    return records.records("ticket-triage", "B. Tester", null, NOON).stream()
        .map(word -> word.getField() + " " + word.getOld() + " " + word.getNew$())
        .toList();
  }

  private Detail detail() {
    return Details.of(answer, answer, reviews, NOON);
  }
}
