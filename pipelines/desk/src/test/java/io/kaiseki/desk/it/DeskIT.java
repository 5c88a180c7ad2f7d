package io.kaiseki.desk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaiseki.pipelines.config.DeskMetric;
import io.kaiseki.schemas.DeadLetterReason;
import io.kaiseki.schemas.Feedback;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The desk as a process of its own, with a real broker and a real registry. */
@ExtendWith(DeskServices.class)
class DeskIT {

  private static final String TOKEN = "a-token-of-24-characters";

  private static final List<String> CATEGORIES =
      List.of("billing", "delivery", "payment", "contract", "question");

  @Test
  void killed_and_restarted_the_desk_knows_what_it_knew_and_has_counted_nothing_twice()
      throws Exception {
    try (TopicsFixture topics = new TopicsFixture(2)) {
      // One record that is none: the view serves on.
      topics.send(topics.results(), "x", "no result".getBytes(StandardCharsets.UTF_8));
      write(topics, 0, 60);
      topics.flush();
      try (DeskProcess desk = DeskProcess.start(topics)) {
        // A document may be known before its result is.
        eventually(() -> assertThat(desk.api().counts().at("/status/open").asInt()).isEqualTo(60));
        assertThat(
                desk.api()
                    .post(
                        "/documents/d-1/feedback",
                        "{\"by\":\"A tester\",\"confirm\":true,"
                            + "\"corrections\":[{\"field\":\"category\",\"value\":\"other\"}]}")
                    .statusCode())
            .isEqualTo(201);
        eventually(
            () -> assertThat(desk.api().counts().at("/status/reviewed").asInt()).isEqualTo(1));
        JsonNode counts = desk.api().counts();
        JsonNode documents = desk.api().get("/documents?limit=500");
        assertThat(counts.at("/status/open").asInt()).isEqualTo(59);
        assertThat(counts.at("/hour/answered").asInt()).isEqualTo(60);
        assertThat(counts.at("/hour/latency/count").asInt()).isEqualTo(60);

        desk.kill();
        desk.restart();

        eventually(
            () -> {
              assertThat(desk.api().counts()).isEqualTo(counts);
              assertThat(desk.api().get("/documents?limit=500")).isEqualTo(documents);
            });

        // Killed in the midst of work, too.
        write(topics, 60, 300);
        topics.flush();
        eventually(() -> assertThat(total(desk)).isGreaterThan(80));
        desk.kill();
        desk.restart();
        eventually(
            () -> {
              JsonNode after = desk.api().counts();
              assertThat(after.at("/status/open").asInt()).isEqualTo(299);
              assertThat(after.at("/hour/received").asInt()).isEqualTo(300);
              assertThat(after.at("/hour/answered").asInt()).isEqualTo(300);
              assertThat(after.at("/hour/latency/count").asInt()).isEqualTo(300);
              assertThat(after.at("/hour/corrected").asInt()).isEqualTo(1);
              assertThat(total(desk)).isEqualTo(300);
            });
        assertThat(topics.records(topics.results() + ".bad-records"))
            .singleElement()
            .satisfies(
                record ->
                    assertThat(record.value())
                        .isEqualTo("no result".getBytes(StandardCharsets.UTF_8)));
        assertThat(desk.stop()).isIn(0, 143);
      }
    }
  }

  @Test
  void two_instances_share_the_partitions_and_each_answers_for_all_who_know_the_token()
      throws Exception {
    try (TopicsFixture topics = new TopicsFixture(4)) {
      write(topics, 0, 40);
      topics.letter(topics.triage.letter("dead", DeadLetterReason.DEADLINE, 7, Instant.now()));
      topics.flush();
      try (DeskProcess one = DeskProcess.startWithToken(topics, TOKEN);
          DeskProcess other = DeskProcess.startWithToken(topics, TOKEN)) {
        eventually(
            () -> {
              for (DeskProcess desk : List.of(one, other)) {
                JsonNode page = desk.api().get("/documents?limit=500");
                assertThat(page.get("total").asInt()).isEqualTo(41);
                assertThat(page.get("complete").asBoolean()).isTrue();
                assertThat(here(desk)).isNotEmpty().hasSizeLessThan(41);
                assertThat(desk.api().get("/statistics").at("/statistics/status/open").asInt())
                    .isEqualTo(40);
              }
            });
        assertThat(here(one)).doesNotContainAnyElementsOf(here(other));
        ApiClient stranger = new ApiClient(one.url(), Optional.empty());
        assertThat(stranger.send(stranger.request("/internal/v1/documents")).statusCode())
            .isEqualTo(401);
        assertAskedForWhatIsElsewhere(other, here(one).get(0));
        assertThat(one.api().statusOf("/api/v1/documents?q=a|b^{\"c\"}")).isEqualTo(200);
        assertThat(one.api().get("/documents?limit=10&order=oldest").get("documents"))
            .isEqualTo(other.api().get("/documents?limit=10&order=oldest").get("documents"));
        for (int i = 0; i < 5; i++) {
          assertThat(other.api().get("/documents/d-" + i))
              .isEqualTo(one.api().get("/documents/d-" + i));
        }

        one.stop();
        eventually(() -> assertThat(here(other)).hasSize(41));
        assertThat(other.api().get("/statistics").at("/statistics/status/failed").asInt())
            .isEqualTo(1);
      }
    }
  }

  @Test
  void the_api_pages_filters_refuses_and_is_measured() throws Exception {
    try (TopicsFixture topics = new TopicsFixture(1)) {
      write(topics, 0, 24);
      topics.letter(topics.triage.letter("dead", DeadLetterReason.DEADLINE, 7, Instant.now()));
      topics.send(topics.results(), "x", "no result".getBytes(StandardCharsets.UTF_8));
      topics.triaged(
          "special",
          "Line down",
          "My line A-1001 is down since Monday",
          "technical_fault",
          "line A-1001 is down");
      topics.flush();
      try (DeskProcess desk = DeskProcess.start(topics)) {
        ApiClient api = desk.api();
        // A document may be known before its result is, and the other way round.
        eventually(
            () -> {
              assertThat(api.counts().at("/status/open").asInt()).isEqualTo(25);
              assertThat(total(desk)).isEqualTo(26);
              assertThat(api.get("/documents?q=monday").get("total").asInt()).isEqualTo(1);
            });

        JsonNode first = api.get("/documents?limit=20");
        assertThat(first.get("documents")).hasSize(20);
        JsonNode second = api.get("/documents?limit=20&cursor=" + first.get("next").asText());
        assertThat(second.get("documents")).hasSize(6);
        assertThat(second.get("next").isNull()).isTrue();
        JsonNode found = api.get("/documents?q=LINE%20monday&field.category=technical_fault");
        assertThat(found.at("/documents/0/id").asText()).isEqualTo("special");
        assertThat(found.get("total").asInt()).isEqualTo(1);
        assertThat(found.at("/facets/field.category/technical_fault").asInt()).isEqualTo(1);

        JsonNode text = api.get("/documents/special/text");
        JsonNode place = text.at("/bodyQuotes/0");
        assertThat(
                text.get("body")
                    .asText()
                    .substring(place.get("start").asInt(), place.get("end").asInt()))
            .isEqualTo("line A-1001 is down");

        HttpResponse<String> fresh = api.send(api.request("/api/v1/documents?limit=5"));
        String tag = fresh.headers().firstValue("ETag").orElseThrow();
        assertThat(
                api.send(api.request("/api/v1/documents?limit=5").header("If-None-Match", tag))
                    .statusCode())
            .isEqualTo(304);
        assertThat(api.send(api.request("/api/v1/documents?limit=0&status=lost")).body())
            .contains("limit must be", "status must be");
        assertThat(api.send(api.request("/api/v1/documents/nobody")).statusCode()).isEqualTo(404);
        assertThat(
                api.post(
                        "/documents/special/feedback",
                        "{\"by\":\"t\",\"corrections\":[{\"field\":\"category\",\"value\":\"x\"},"
                            + "{\"field\":\"mood\",\"value\":\"x\"}]}")
                    .body())
            .contains("can't be 'x'", "'mood' is none of the answer's");
        assertThat(correct(api, "summary", " ").body()).contains("'summary' must have some text");
        for (String body : List.of("null", "{\"by\":\"t\",\"corrections\":[null]}")) {
          assertThat(api.post("/documents/special/feedback", body).statusCode())
              .as(body)
              .isEqualTo(400);
        }
        assertThat(
                api.send(api.request("/api/v1/documents").header("Origin", "http://evil.example"))
                    .statusCode())
            .isEqualTo(403);
        assertThat(topics.writtenFeedback()).isEmpty();
        assertThat(
                api.post(
                        "/documents/special/feedback",
                        "{\"by\":\"t\",\"corrections\":[{\"field\":\"product\",\"value\":null}]}")
                    .statusCode())
            .isEqualTo(201);
        assertThat(topics.writtenFeedback())
            .singleElement()
            .extracting(Feedback::getField, Feedback::getOld, Feedback::getNew$)
            .containsExactly("product", "router", null);
        assertPartsAreCorrected(api, topics);
        assertAsDescribed(api);
        assertMetrics(desk);
      }
    }
  }

  @Test
  void what_is_said_of_an_answer_that_has_been_replaced_is_refused() throws Exception {
    try (TopicsFixture topics = new TopicsFixture(1)) {
      topics.result("a", topics.triage.result("a", "billing", 0.9, Instant.now()));
      topics.flush();
      try (DeskProcess desk = DeskProcess.start(topics)) {
        String seen = answerTag(desk.api(), "billing");
        topics.result("a", topics.triage.result("a", "delivery", 0.9, Instant.now()));
        topics.flush();
        String now = answerTag(desk.api(), "delivery");

        HttpResponse<String> refused = confirm(desk.api(), ",\"answerTag\":\"" + seen + "\"");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("the answer has changed; look again");
        assertThat(topics.writtenFeedback()).isEmpty();

        assertThat(confirm(desk.api(), ",\"answerTag\":\"" + now + "\"").statusCode())
            .isEqualTo(201);
        // A client that says nothing of the answer means the one that is there.
        assertThat(confirm(desk.api(), "").statusCode()).isEqualTo(201);
        assertThat(topics.writtenFeedback())
            .filteredOn(word -> word.getField().equals("category"))
            .extracting(Feedback::getOld)
            .containsExactly("delivery", "delivery");
      }
    }
  }

  /** The tag of the answer, once it is of this category. */
  private static String answerTag(ApiClient api, String category) throws Exception {
    eventually(
        () ->
            assertThat(api.get("/documents/a").at("/answer/category").asText())
                .isEqualTo(category));
    return api.get("/documents/a").get("answerTag").asText();
  }

  private static HttpResponse<String> confirm(ApiClient api, String more) throws Exception {
    return api.post("/documents/a/feedback", "{\"by\":\"t\",\"confirm\":true" + more + "}");
  }

  /** As by an instance that does not know yet that a partition has moved. */
  private static void assertAskedForWhatIsElsewhere(DeskProcess desk, String id) throws Exception {
    HttpResponse<String> answer =
        desk.api().send(desk.api().request("/internal/v1/documents/" + id));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  private static void assertAsDescribed(ApiClient api) throws Exception {
    ObjectMapper json = new ObjectMapper();
    Described described =
        new Described(json.readTree(api.send(api.request("/api/openapi.json")).body()));
    for (String path :
        List.of(
            "/documents",
            "/documents/special",
            "/documents/special/text",
            "/documents/dead",
            "/columns",
            "/statistics")) {
      String template = path.replaceFirst("/(special|dead)", "/{id}");
      assertThat(described.differences("/api/v1" + template, api.get(path))).isEmpty();
    }
  }

  private static void assertPartsAreCorrected(ApiClient api, TopicsFixture topics)
      throws Exception {
    assertThat(correct(api, "references[0]", "A-1002").statusCode()).isEqualTo(201);
    eventually(() -> assertThat(api.get("/documents?q=a-1002").get("total").asInt()).isEqualTo(1));
    JsonNode detail = api.get("/documents/special");
    assertThat(detail.at("/current/references/0").asText()).isEqualTo("A-1002");
    assertThat(detail.at("/answer/references/0").asText()).isEqualTo("A-1001");

    assertThat(correct(api, "references[1]", "B-7").body()).contains("has no 'references[1]'");
    assertThat(correct(api, "references[0]", null).body()).contains("can't be null");
    assertThat(correct(api, "references", "[1]").body()).contains("'references[0]' must be text");

    // One more makes another list of it, and then it is the list that changes.
    assertThat(correct(api, "references", "[\"A-1002\",\"B-7\"]").statusCode()).isEqualTo(201);
    eventually(
        () -> assertThat(api.get("/documents/special").at("/current/references")).hasSize(2));
    assertThat(correct(api, "references[1]", "B-8").statusCode()).isEqualTo(201);
    assertThat(topics.writtenFeedback())
        .filteredOn(word -> word.getField().startsWith("references"))
        .extracting(word -> word.getField() + " " + word.getOld() + " " + word.getNew$())
        .containsExactly(
            "references[0] A-1001 A-1002",
            "references [\"A-1001\"] [\"A-1002\",\"B-7\"]",
            "references [\"A-1001\"] [\"A-1002\",\"B-8\"]");
  }

  private static HttpResponse<String> correct(ApiClient api, String field, String value)
      throws Exception {
    String json = value == null ? "null" : "\"" + value.replace("\"", "\\\"") + "\"";
    return api.post(
        "/documents/special/feedback",
        "{\"by\":\"t\",\"corrections\":[{\"field\":\"" + field + "\",\"value\":" + json + "}]}");
  }

  /** What Prometheus finds is what the reference declares, and no more. */
  private static void assertMetrics(DeskProcess desk) throws Exception {
    String scraped = desk.api().send(HttpRequest.newBuilder(desk.metrics())).body();
    for (DeskMetric metric : DeskMetric.values()) {
      String name = prometheusName(metric);
      assertThat(scraped.lines())
          .contains("# TYPE " + name + " " + metric.kind().name().toLowerCase(Locale.ROOT));
      String series = name + (metric.kind() == DeskMetric.Kind.HISTOGRAM ? "_count" : "");
      assertThat(scraped.lines().filter(line -> line.matches(series + "[{ ].*")))
          .as(series)
          .isNotEmpty()
          .allSatisfy(
              line ->
                  metric.labels().stream()
                      // What is refused before it is looked at has no route.
                      .filter(label -> !(label.equals("http.route") && line.contains("\"403\"")))
                      .forEach(
                          label -> assertThat(line).contains(label.replace('.', '_') + "=\"")));
    }
    assertThat(scraped.lines().filter(line -> line.matches("# TYPE (kaiseki|http)_.*")))
        .hasSameSizeAs(DeskMetric.values());
    assertThat(value(scraped, "kaiseki_desk_documents", "status=\"open\"")).isEqualTo(24);
    assertThat(value(scraped, "kaiseki_desk_documents", "status=\"reviewed\"")).isEqualTo(1);
    assertThat(value(scraped, "kaiseki_desk_dead_letters", "reason=\"DEADLINE\"")).isEqualTo(1);
    assertThat(value(scraped, "kaiseki_desk_bad_records_total", "topic=")).isEqualTo(1);
    assertThat(value(scraped, "kaiseki_desk_feedback_total", "agreed=\"false\"")).isEqualTo(4);
    assertThat(value(scraped, "kaiseki_desk_ready", "")).isEqualTo(1);
    assertThat(value(scraped, "http_server_request_duration_seconds_count", "feedback"))
        .isPositive();
  }

  /** As the reference page has it. */
  private static String prometheusName(DeskMetric metric) {
    return metric.metricName().replace('.', '_')
        + (metric.unit().equals("s") ? "_seconds" : "")
        + (metric.kind() == DeskMetric.Kind.COUNTER ? "_total" : "");
  }

  private static double value(String scraped, String name, String label) {
    return scraped
        .lines()
        .filter(line -> line.matches(name + "[{ ].*") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " with " + label));
  }

  private static void write(TopicsFixture topics, int from, int to) {
    for (int i = from; i < to; i++) {
      String category = CATEGORIES.get(i % CATEGORIES.size());
      topics.triaged("d-" + i, "Ticket " + i, "It is about " + category, category, null);
    }
  }

  private static int total(DeskProcess desk) throws Exception {
    return desk.api().get("/documents?limit=1").get("total").asInt();
  }

  /** The documents that this instance has itself. */
  private static List<String> here(DeskProcess desk) throws Exception {
    HttpResponse<String> response =
        desk.api().send(desk.api().request("/internal/v1/documents?limit=500"));
    return new ObjectMapper().readTree(response.body()).get("rows").findValuesAsText("id");
  }

  static void eventually(ThrowingRunnable assertion) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }
}
