package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SharedEnginesTest {

  private final CountDownLatch hold = new CountDownLatch(1);

  @Test
  void servers_that_are_silent_at_the_start_are_waited_for_together_and_hold_up_nobody_else()
      throws Exception {
    try (ScriptedServer one = new ScriptedServer();
        ScriptedServer two = new ScriptedServer();
        ScriptedServer three = new ScriptedServer();
        ScriptedServer well = new ScriptedServer()) {
      for (ScriptedServer silent : List.of(one, two, three)) {
        silent.modelsHeldUntil = hold;
      }
      InferenceEngine other = SharedEngines.acquire(settings(well.url()));
      CompletableFuture<InferenceEngine> starting =
          acquired(settings(one.url(), two.url(), three.url()));
      Awaitility.await()
          .atMost(Duration.ofSeconds(3))
          .until(
              () ->
                  one.modelsAsked.get() > 0
                      && two.modelsAsked.get() > 0
                      && three.modelsAsked.get() > 0);

      other.close();
      SharedEngines.acquire(settings(well.url())).close();

      assertThat(starting).as("the start that asks silent servers").isNotDone();
      starting.get(30, TimeUnit.SECONDS).close();
    } finally {
      hold.countDown();
    }
  }

  @Test
  void two_that_acquire_at_once_share_one_start_and_the_engine_ends_with_the_second_hold()
      throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      server.modelsHeldUntil = hold;
      OpenAiSettings settings = settings(server.url());
      CompletableFuture<InferenceEngine> first = acquired(settings);
      Awaitility.await().until(() -> server.modelsAsked.get() == 1);
      CompletableFuture<InferenceEngine> second = acquired(settings);
      hold.countDown();
      InferenceEngine one = first.get(30, TimeUnit.SECONDS);
      InferenceEngine two = second.get(30, TimeUnit.SECONDS);

      assertThat(server.modelsAsked).hasValue(1);
      one.close();
      one.close();
      try (InferenceEngine again = SharedEngines.acquire(settings)) {
        assertThat(again.description())
            .as("the engine that the second hold keeps")
            .isSameAs(two.description());
      }
      two.close();
    }
  }

  @Test
  void a_start_that_fails_fails_all_who_wait_for_it_and_the_next_tries_anew() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      server.modelsStatus = 401;
      server.modelsHeldUntil = hold;
      OpenAiSettings settings = settings(server.url());
      CompletableFuture<InferenceEngine> first = acquired(settings);
      Awaitility.await().until(() -> server.modelsAsked.get() == 1);
      CompletableFuture<InferenceEngine> second = acquired(settings);
      hold.countDown();

      for (CompletableFuture<InferenceEngine> failed : List.of(first, second)) {
        assertThatThrownBy(() -> failed.get(30, TimeUnit.SECONDS))
            .hasCauseInstanceOf(EngineUnavailableException.class)
            .hasMessageContaining("HTTP 401");
      }
      server.modelsStatus = 200;
      try (InferenceEngine engine = SharedEngines.acquire(settings)) {
        assertThat(engine.description().contextTokens()).isEqualTo(4096);
      }
    }
  }

  private static OpenAiSettings settings(URI... servers) {
    return new OpenAiSettings(List.of(servers), "m", null, 2, 0, "");
  }

  private static CompletableFuture<InferenceEngine> acquired(OpenAiSettings settings) {
    CompletableFuture<InferenceEngine> acquired = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                acquired.complete(SharedEngines.acquire(settings));
              } catch (RuntimeException | Error e) {
                acquired.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return acquired;
  }
}
