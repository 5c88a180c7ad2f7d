package io.kaiseki.pipelines.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteCheckTest {

  private final RouteCheck check = new RouteCheck(Contracts.CLAIM);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "answer.kind == 'fire' && confidence.kind >= 0.8",
        "answer.kind in ['fire', 'water']",
        "answer.team == 'car' || answer.team == null",
        "answer.urgent || leastConfidence < 0.5",
        "answer.count > 3",
        "answer.amount != null && answer.amount > 1000",
        "answer.amount != null && answer.amount >= 99.5",
        "answer.day < timestamp('2026-01-01T00:00:00Z')",
        "answer.product != null && answer.product.startsWith('X')",
        "answer.product != null && answer.product.matches('^A[0-9]+$')",
        "'new' in answer.tags",
        "size(answer.lines) > 2",
        "answer.lines.exists(line, line.state == 'lost')",
        "answer.place != null && answer.place.abroad && confidence.place.abroad > 0.9",
      })
  void a_condition_over_fields_of_the_schema_is_good(String condition) {
    assertThat(check.problems(condition)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "answer.knid == 'fire'          | there is no field knid; did you mean kind?",
        "answer.colour == 'red'         | answer has kind (a label), team (a label or null)",
        "answr.kind == 'fire'           | unknown name answr; did you mean answer?",
        "kind == 'fire'                 | a condition speaks of answer, confidence",
        "answer.kind == 'fier'          | kind is never \"fier\"; did you mean \"fire\"? it is one of",
        "answer.kind != 'gas'           | kind is never \"gas\"; it is one of fire, water, theft",
        "answer.kind in ['fire', 'gas'] | kind is never \"gas\"",
        "answer.team == 'boat'          | team is never \"boat\"; it is one of home, car",
        "'odd' in answer.tags           | tags is never \"odd\"",
        "answer.lines.exists(l, l.state == 'gone') | state is never \"gone\"",
        "answer.count == 'three'        | no matching overload for '_==_'",
        "answer.urgent > 1              | no matching overload for '_>_'",
        "answer.kind == 3               | no matching overload",
        "answer.count                   | expected type 'bool'",
        "answer.place.abroud            | did you mean abroad?",
        "confidence.product > 0.5       | there is no field product",
        "answer.kind == 'fire' &&       | mismatched input",
        "answer.product.matches('(')    | is not RE2",
        "answer.product.matches('(?=x)') | is not RE2",
        "now() > answer.day             | unknown name now",
        "answer.product.getClass() == 1 | unknown name getClass",
      })
  void a_wrong_condition_is_refused_with_what_is_allowed(String condition, String problem) {
    assertThat(check.problems(condition)).anyMatch(told -> told.contains(problem));
  }

  @Test
  void all_problems_of_a_condition_are_told_together() {
    assertThat(check.problems("answer.knid == 'fire' && answer.cuont > 3")).hasSize(2);
    assertThat(check.problems("answer.kind == 'a' || answer.team == 'b'")).hasSize(2);
  }
}
