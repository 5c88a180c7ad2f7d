package io.kaiseki.pipelines.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.FieldConfidence;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {

  private static final GenericRecord FULL =
      answer(
          """
          {"kind": "fire", "team": "car", "urgent": true, "count": 4, "amount": 1250.50,
           "day": "2026-03-01", "product": "A12", "tags": ["new"],
           "place": {"town": "Ulm", "abroad": false},
           "lines": [{"what": "a door", "state": "broken"}, {"what": "a key", "state": "lost"}]}
          """);

  private static final GenericRecord BARE =
      answer(
          """
          {"kind": "theft", "team": null, "urgent": false, "count": 0, "amount": null,
           "day": "2025-12-31", "product": null, "tags": [], "place": null, "lines": []}
          """);

  private static final List<FieldConfidence> SURE =
      List.of(
          confidence("kind", 0.9),
          confidence("urgent", 0.7),
          confidence("place.abroad", 0.6),
          confidence("lines[1].state", 0.3));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "answer.kind == 'fire'                                  | true  | false",
        "answer.kind != 'fire'                                  | false | true",
        "answer.kind in ['water', 'theft']                      | false | true",
        "answer.team == 'car'                                   | true  | false",
        "answer.team == null                                    | false | true",
        "answer.urgent                                          | true  | false",
        "answer.count > 3                                       | true  | false",
        "answer.amount != null && answer.amount > 1000          | true  | false",
        "answer.amount != null && answer.amount == 1250.5       | true  | false",
        "answer.day >= timestamp('2026-01-01T00:00:00Z')        | true  | false",
        "answer.product != null && answer.product.matches('^A') | true  | false",
        "'new' in answer.tags                                   | true  | false",
        "size(answer.lines) == 0                                | false | true",
        "answer.lines.exists(line, line.state == 'lost')        | true  | false",
        "answer.place != null && answer.place.town == 'Ulm'     | true  | false",
        "answer.place == null                                   | false | true",
      })
  void a_condition_holds_by_the_values_of_the_answer(String condition, boolean full, boolean bare) {
    assertThat(holds(condition, FULL, SURE)).isEqualTo(full);
    assertThat(holds(condition, BARE, List.of())).isEqualTo(bare);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "confidence.kind > 0.89 && confidence.kind < 0.91 | true",
        "confidence.place.abroad < 0.65                   | true",
        "confidence.team == 1.0                           | true",
        "leastConfidence < 0.31                           | true",
        "leastConfidence < 0.3                            | false",
      })
  void confidences_are_those_of_the_model_and_the_least_includes_lists(
      String condition, boolean holds) {
    assertThat(holds(condition, FULL, SURE)).isEqualTo(holds);
  }

  @Test
  void a_result_goes_to_every_route_that_holds_and_to_each_topic_once() {
    Router router =
        router(
            new Route("answer.urgent", "urgent"),
            new Route("answer.kind == 'water'", "water"),
            new Route("leastConfidence < 0.5", "review"),
            new Route("answer.count > 1", "urgent"));

    assertThat(router.decide(FULL, SURE).topics()).containsExactly("urgent", "review");
    assertThat(router.decide(BARE, List.of()).topics()).isEmpty();
  }

  @Test
  void a_condition_that_fails_does_not_hold_and_hinders_no_other() {
    Router router =
        router(
            new Route("answer.amount > 1000", "rich"),
            new Route("answer.place.town == 'Ulm'", "ulm"),
            new Route("answer.kind == 'theft'", "theft"));

    Router.Decision decision = router.decide(BARE, List.of());

    assertThat(decision.topics()).containsExactly("theft");
    assertThat(decision.failures()).extracting(Router.Failure::route).containsExactly(0, 1);
  }

  @Test
  void an_error_never_quotes_the_answer() {
    Router router = router(new Route("int(answer.product) > 1", "numbers"));

    Router.Decision decision = router.decide(FULL, SURE);

    assertThat(decision.failures()).hasSize(1);
    assertThat(decision.toString()).doesNotContain("A12");
  }

  @Test
  void a_loop_over_loops_ends_in_an_error_rather_than_never() {
    GenericRecord long16 =
        answer(
            """
            {"kind": "fire", "team": "car", "urgent": true, "count": 4, "amount": 1.00,
             "day": "2026-03-01", "product": "A12", "tags": [], "place": null, "lines": [%s]}
            """
                .formatted(
                    String.join(
                        ",",
                        IntStream.range(0, 16)
                            .mapToObj(i -> "{\"what\": \"a\", \"state\": \"lost\"}")
                            .toList())));
    String condition = "a.what == 'b'";
    for (char name = 'f'; name >= 'a'; name--) {
      condition = "answer.lines.exists(" + name + ", " + condition + ")";
    }

    Router.Decision decision = router(new Route(condition, "never")).decide(long16, List.of());

    assertThat(decision.topics()).isEmpty();
    assertThat(decision.failures()).hasSize(1);
  }

  @Test
  void a_router_travels_in_a_job_graph() throws IOException, ClassNotFoundException {
    Router router = router(new Route("answer.urgent", "urgent"));
    router.decide(FULL, SURE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(router);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Router arrived = (Router) in.readObject();
      assertThat(arrived.decide(FULL, SURE).topics()).containsExactly("urgent");
    }
  }

  private static boolean holds(
      String condition, GenericRecord answer, List<FieldConfidence> confidences) {
    assertThat(new RouteCheck(Contracts.CLAIM).problems(condition)).isEmpty();
    Router.Decision decision = router(new Route(condition, "topic")).decide(answer, confidences);
    assertThat(decision.failures()).isEmpty();
    return !decision.topics().isEmpty();
  }

  private static Router router(Route... routes) {
    return new Router(List.of(routes), Contracts.CLAIM);
  }

  private static GenericRecord answer(String json) {
    return Contracts.CLAIM.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static FieldConfidence confidence(String field, double probability) {
    return new FieldConfidence(field, "label", probability, Map.of());
  }
}
