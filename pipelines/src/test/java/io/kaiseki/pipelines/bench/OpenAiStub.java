package io.kaiseki.pipelines.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server with OpenAI's chat completions, in front of the real engine. */
final class OpenAiStub implements AutoCloseable {

  static final String KEY = "key-of-the-test";

  final Queue<JsonNode> requests = new ConcurrentLinkedQueue<>();
  private final JsonMapper json = JsonMapper.builder().build();
  private final InferenceEngine engine;
  private final Analysis analysis;
  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();

  OpenAiStub(InferenceEngine engine, Analysis analysis) throws IOException {
    this.engine = engine;
    this.analysis = analysis;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::answer);
    server.setExecutor(workers);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      JsonNode request = json.readTree(exchange.getRequestBody());
      requests.add(request);
      String prompt = request.at("/messages/0/content").asText();
      String marker = "follows.\n\n";
      String document =
          prompt.substring(
              prompt.indexOf(marker) + marker.length(), prompt.indexOf("\n\nEnd of the document."));
      Outcome outcome =
          engine
              .submit(
                  new CompletionRequest(
                      "openai",
                      analysis,
                      document,
                      Instant.now().plus(5, ChronoUnit.MINUTES),
                      Lane.LIVE))
              .join();
      ObjectNode response = json.createObjectNode();
      response
          .putArray("choices")
          .addObject()
          .putObject("message")
          .put("role", "assistant")
          .put("content", ((Outcome.Answered) outcome).completion().answer().toString());
      byte[] body = json.writeValueAsBytes(response);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
