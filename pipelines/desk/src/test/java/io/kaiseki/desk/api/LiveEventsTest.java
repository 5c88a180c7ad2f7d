package io.kaiseki.desk.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.javalin.http.sse.SseClient;
import io.kaiseki.desk.view.DeskView;
import io.kaiseki.desk.view.Details;
import io.kaiseki.desk.view.LocalRows;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that come and go. */
class LiveEventsTest {

  @TempDir private Path state;

  private KafkaStreams streams;
  private LiveEvents events;

  @BeforeEach
  void start() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream("nothing");
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "desk-test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    streams = new KafkaStreams(builder.build(), properties);
    events =
        new LiveEvents(
            new DeskView(
                streams,
                new LocalRows(),
                new Details(
                    new RegisteredSchemas(
                        RegistrySettings.of("mock://" + UUID.randomUUID()).connect(), "test")),
                new HostInfo("127.0.0.1", 1),
                1,
                null,
                Json.mapper()));
  }

  @AfterEach
  void stop() {
    events.close();
    streams.close(Duration.ofSeconds(5));
  }

  @Test
  void a_client_that_is_found_gone_at_the_first_event_is_no_listener() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    CompletableFuture<Boolean> terminated = new CompletableFuture<>();
    Javalin server =
        server(
            client -> {
              asked.countDown();
              await(gone);
              events.listen(client);
              terminated.complete(client.terminated());
            });
    try {
      try (Socket socket = new Socket("127.0.0.1", server.port())) {
        socket
            .getOutputStream()
            .write(
                "GET /events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        await(asked);
        // It goes without a word, so that only writing tells.
        socket.setSoLinger(true, 0);
      }
      gone.countDown();

      assertThat(terminated.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(events.listeners()).isZero();
    } finally {
      server.stop();
    }
  }

  @Test
  void one_that_ends_without_a_word_is_no_listener_at_the_next_tick() throws Exception {
    AtomicReference<SseClient> ended = new AtomicReference<>();
    Javalin server =
        server(
            client -> {
              events.listen(client);
              client.onClose(() -> ended.set(client));
              client.close();
            });
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + server.port() + "/events"))
                      .header("Accept", "text/event-stream")
                      .timeout(Duration.ofSeconds(10))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).contains("{\"version\":0}");
    } finally {
      server.stop();
    }

    assertThat(ended.get().terminated()).isTrue();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(events.listeners()).isZero());
  }

  private static Javalin server(Consumer<SseClient> listening) {
    return Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.jetty.host = "127.0.0.1";
              config.jetty.port = 0;
              config.routes.sse("/events", listening::accept);
            })
        .start();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
