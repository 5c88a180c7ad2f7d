package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which of the requests that wait for a slot gets it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QueueOrderTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LATE = Duration.ofMinutes(10);

  @Test
  void live_requests_go_before_those_of_a_backfill_and_of_those_the_earliest_deadline_first()
      throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    ScriptedServer.Reply valid = ScriptedServer.answer(Letters.VALID);
    try (ScriptedServer server = new ScriptedServer(valid.heldUntil(held), valid);
        InferenceEngine engine =
            OpenAiEngine.source(OpenAiSettings.of(server.url(), "m").withSlots(1)).acquire()) {
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      outcomes.add(submit(engine, "first", LATE, Lane.LIVE));
      outcomes.add(submit(engine, "backfill late", LATE, Lane.BACKFILL));
      outcomes.add(submit(engine, "backfill soon", SOON, Lane.BACKFILL));
      outcomes.add(submit(engine, "live late", LATE, Lane.LIVE));
      outcomes.add(submit(engine, "live soon", SOON.plusSeconds(5), Lane.LIVE));
      held.countDown();
      for (CompletableFuture<Outcome> outcome : outcomes) {
        Letters.completion(outcome);
      }

      assertThat(server.requests)
          .extracting(QueueOrderTest::name)
          .containsExactly("first", "live soon", "live late", "backfill soon", "backfill late");
    }
  }

  private static String name(JsonNode request) {
    String document = request.at("/messages/1/content").asText();
    return document.substring(0, document.indexOf('.'));
  }

  private static CompletableFuture<Outcome> submit(
      InferenceEngine engine, String name, Duration deadline, Lane lane) {
    return engine.submit(Letters.letter(name + ". It came broken.", deadline, lane));
  }
}
