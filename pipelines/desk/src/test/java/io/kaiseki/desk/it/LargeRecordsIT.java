package io.kaiseki.desk.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Records as large as topics take by default, with a real broker. */
@ExtendWith(DeskServices.class)
class LargeRecordsIT {

  private static final int LARGE = 500_000;

  @Test
  void what_documents_and_results_may_hold_is_served_and_what_can_not_be_read_is_set_aside()
      throws Exception {
    try (TopicsFixture topics = new TopicsFixture(1)) {
      String title = noise(LARGE);
      String quote = noise(LARGE);
      topics.send(
          topics.documents(),
          null,
          topics.triage.document("large", title, "text", Instant.now(), Map.of("log", quote)));
      // Kept twice: as it came, and as text.
      topics.result(
          "large",
          topics.triage.result("large", "billing", 0.9, quote, List.of(), Instant.now(), 0));
      topics.send(topics.results(), "x", noise(1_000_000).getBytes(StandardCharsets.US_ASCII));
      topics.triaged("small", "Bill", "text", "billing", null);
      topics.flush();
      try (DeskProcess desk = DeskProcess.start(topics)) {
        eventually(() -> assertThat(desk.api().counts().at("/status/open").asInt()).isEqualTo(2));
        eventually(
            () ->
                assertThat(desk.api().get("/documents/large").at("/row/title").asText())
                    .isEqualTo(title.substring(0, 1_000) + "…"));
        assertThat(desk.api().get("/documents/large").at("/answer/customerQuote").asText())
            .isEqualTo(quote);
        assertThat(desk.api().get("/documents/large/text").get("title").asText()).isEqualTo(title);
        eventually(
            () ->
                assertThat(topics.records(topics.results() + ".bad-records"))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).isNull()));

        desk.kill();
        desk.restart();
        eventually(() -> assertThat(desk.api().counts().at("/status/open").asInt()).isEqualTo(2));
      }
    }
  }

  /** Text that does not compress to a fraction. */
  private static String noise(int characters) {
    Random random = new Random(characters);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < characters; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }

  private static void eventually(ThrowingRunnable assertion) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }
}
