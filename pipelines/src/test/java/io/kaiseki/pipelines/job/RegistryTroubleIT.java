package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The job reaches its registry through a gate that fails the first requests. */
@ExtendWith(ServicesExtension.class)
class RegistryTroubleIT {

  private static final int FAILURES = 5;

  @TempDir Path checkpoints;
  private final AtomicInteger requests = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer gate;

  @BeforeEach
  void openGate() throws IOException {
    gate = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gate.setExecutor(Executors.newCachedThreadPool());
    gate.createContext("/", this::failFirst);
    gate.start();
  }

  @AfterEach
  void closeGate() {
    gate.stop(0);
  }

  @Test
  void a_registry_that_fails_for_a_while_holds_documents_up_and_makes_no_dead_letters() {
    try (JobFixture job =
        new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints)) {
      for (int i = 0; i < 10; i++) {
        job.send("d" + i, job.encode("d" + i, "title", "body"));
      }
      JobSettings through =
          JobFixture.settings(
              job.settings.name(),
              job.settings.kafka(),
              RegistrySettings.of("http://127.0.0.1:" + gate.getAddress().getPort())
                  .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1)),
              checkpoints);
      try (JobRun run = job.start(through, ScriptedEngine.answeringAfter(Duration.ZERO))) {
        job.awaitOutcomes(10, run);
      }

      assertThat(requests).hasValueGreaterThan(FAILURES);
      assertThat(job.outcomes)
          .hasSize(10)
          .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Received.Answered.class));
    }
  }

  private void failFirst(HttpExchange exchange) throws IOException {
    int request = requests.incrementAndGet();
    if (request == 1) {
      // Neither answer nor close: the client runs into its read timeout.
      return;
    }
    if (request <= FAILURES) {
      exchange.sendResponseHeaders(request % 2 == 0 ? 503 : 500, -1);
      exchange.close();
      return;
    }
    forward(exchange);
  }

  private void forward(HttpExchange exchange) throws IOException {
    URI real = URI.create(ServicesExtension.registry().address() + exchange.getRequestURI());
    try {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(real).build(), HttpResponse.BodyHandlers.ofByteArray());
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
