package io.kaiseki.desk.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How many requests a desk with many documents answers, measured by {@code wrk}. No part of the
 * usual build: {@code mvn -Pload -pl pipelines/desk -am verify}; the figures go to {@code
 * target/load.txt}.
 */
@ExtendWith(DeskServices.class)
@EnabledIfSystemProperty(named = "kaiseki.desk.load", matches = "\\d+")
class DeskLoadIT {

  private static final int DOCUMENTS = Integer.getInteger("kaiseki.desk.load", 10_000);
  private static final Path REPORT = Path.of("target", "load.txt");
  private static final List<String> CATEGORIES =
      List.of("billing", "delivery", "payment", "contract", "question");

  @Test
  void requests_per_second_and_their_latencies() throws Exception {
    try (TopicsFixture topics = new TopicsFixture(1)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        String category = CATEGORIES.get(i % CATEGORIES.size());
        topics.triaged("d-" + i, "Ticket " + i, "It is about " + category, category, null);
      }
      topics.flush();
      Instant start = Instant.now();
      try (DeskProcess desk = DeskProcess.start(topics)) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(10))
            .pollInterval(Duration.ofMillis(500))
            .until(
                () ->
                    desk.api().get("/documents?status=open&limit=1").get("total").asInt()
                        == DOCUMENTS);
        report(
            "%d documents shown after %d s%n"
                .formatted(DOCUMENTS, Duration.between(start, Instant.now()).toSeconds()));
        load(
            desk,
            "the same first page again and again",
            "/api/v1/documents?limit=60&status=open",
            "");
        load(desk, "one document", "/api/v1/documents/d-77", "");
        load(desk, "statistics", "/api/v1/statistics", "");
        load(
            desk,
            "another search each time",
            "/api/v1/documents?limit=60",
            requests("limit=60&q=ticket%20' .. (n % 9973) .. '"));
        load(
            desk,
            "another search each time, among the open ones of one category",
            "/api/v1/documents?limit=60",
            requests(
                "limit=60&status=open&field.category=billing&q=ticket%20' .. (n % 9973) .. '"));
        load(
            desk,
            "a search that finds them all, and is never the same to the memory of answers",
            "/api/v1/documents?limit=60",
            requests(
                "limit=60&order=' .. (n % 2 == 0 and 'newest' or 'oldest')"
                    + " .. '&q=ticket' .. string.rep('%20', n % 149) .. '"));
      }
    }
  }

  /** Each request with another query, by a number n in Lua. */
  private static String requests(String query) {
    return "local n = 0\nrequest = function()\n  n = n + 1\n  return wrk.format('GET',"
        + " '/api/v1/documents?"
        + query
        + "')\nend\n";
  }

  private static void load(DeskProcess desk, String what, String path, String script)
      throws IOException, InterruptedException {
    Path lua = Files.writeString(Path.of("target", "load.lua").toAbsolutePath(), script);
    Path output = Files.createTempFile(Path.of("target").toAbsolutePath(), "wrk-", ".txt");
    Process wrk =
        new ProcessBuilder(
                "wrk",
                "-t1",
                "-c8",
                "-d10s",
                "--latency",
                "-s",
                lua.toString(),
                desk.url().resolve(path).toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(wrk.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(printed).contains("Requests/sec").doesNotContain("Non-2xx");
    report("%n%s: %s%n%s".formatted(what, path, printed));
  }

  private static void report(String text) throws IOException {
    Files.writeString(
        REPORT, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
