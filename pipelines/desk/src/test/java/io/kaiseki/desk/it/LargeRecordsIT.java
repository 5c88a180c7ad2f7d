package io.kaiseki.desk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Records larger than most, with a real broker. */
@ExtendWith(DeskServices.class)
class LargeRecordsIT {

  private static final int MEGABYTE = 1_000_000;

  @Test
  void a_desk_that_keeps_what_fits_and_sets_aside_what_does_not_serves_on() throws Exception {
    try (TopicsFixture topics = new TopicsFixture(1)) {
      String title = noise(6 * MEGABYTE);
      // A result is kept twice: as it came, and as text.
      String fits = noise(3 * MEGABYTE);
      String tooLong = noise(10 * MEGABYTE);
      topics.send(
          topics.documents(),
          null,
          topics.triage.document("large", title, "text", Instant.now(), Map.of("log", title)));
      topics.result("large", result(topics, "billing", fits));
      topics.result("large", result(topics, "delivery", tooLong));
      topics.triaged("small", "Bill", "text", "billing", null);
      topics.flush();
      try (DeskProcess desk = DeskProcess.start(topics)) {
        DeskIT.eventually(
            () -> {
              assertThat(desk.api().counts().at("/status/open").asInt()).isEqualTo(2);
              JsonNode large = desk.api().get("/documents/large");
              assertThat(large.at("/row/title").asText())
                  .isEqualTo(title.substring(0, 1_000) + "…");
              assertThat(large.at("/answer/customerQuote").asText()).isEqualTo(fits);
            });
        assertThat(topics.records(topics.results() + ".bad-records"))
            .singleElement()
            .satisfies(record -> assertThat(record.value()).isNull());
        assertThat(topics.configured(topics.name() + "-entries-changelog", "max.message.bytes"))
            .isEqualTo("8388608");

        desk.kill();
        desk.restart();
        DeskIT.eventually(
            () -> assertThat(desk.api().counts().at("/status/open").asInt()).isEqualTo(2));
      }
    }
  }

  private static byte[] result(TopicsFixture topics, String category, String quote) {
    return topics.triage.result("large", category, 0.9, quote, List.of(), Instant.now(), 0);
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
}
