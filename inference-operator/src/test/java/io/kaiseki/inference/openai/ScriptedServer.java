package io.kaiseki.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kaiseki.inference.telemetry.TraceContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A real HTTP server whose replies are given to it one by one; then it repeats the last. */
final class ScriptedServer implements AutoCloseable {

  /** A reply to a chat completion. */
  record Reply(int status, Map<String, String> headers, String body, CountDownLatch until) {

    Reply(int status, String body) {
      this(status, Map.of(), body, new CountDownLatch(0));
    }

    Reply(int status, Map<String, String> headers, String body) {
      this(status, headers, body, new CountDownLatch(0));
    }

    Reply heldUntil(CountDownLatch latch) {
      return new Reply(status, headers, body, latch);
    }
  }

  final Queue<JsonNode> requests = new ConcurrentLinkedQueue<>();
  final Queue<TraceContext> traces = new ConcurrentLinkedQueue<>();
  final Queue<String> authorizations = new ConcurrentLinkedQueue<>();
  final AtomicInteger modelsAsked = new AtomicInteger();
  volatile int modelsStatus = 200;
  volatile String models = "{\"data\":[{\"id\":\"m\",\"max_model_len\":4096}]}";
  volatile CountDownLatch modelsHeldUntil = new CountDownLatch(0);

  /** Requests that are forbidden, whatever the script says. */
  volatile Predicate<JsonNode> forbids = body -> false;

  private final JsonMapper json = new JsonMapper();
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Reply last = new Reply(500, "");

  ScriptedServer(Reply... replies) throws IOException {
    this.replies.addAll(List.of(replies));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/models", this::models);
    server.createContext("/v1/chat/completions", this::complete);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A reply with this content. */
  static Reply answer(String content) {
    return answer(content, reply -> {});
  }

  static Reply answer(String content, Consumer<ObjectNode> more) {
    ObjectNode reply = new JsonMapper().createObjectNode();
    reply
        .putArray("choices")
        .addObject()
        .put("finish_reason", "stop")
        .putObject("message")
        .put("content", content);
    reply.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 30);
    more.accept(reply);
    return new Reply(200, reply.toString());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void models(HttpExchange exchange) throws IOException {
    try (exchange) {
      modelsAsked.incrementAndGet();
      modelsHeldUntil.await();
      reply(exchange, new Reply(modelsStatus, models));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void complete(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = json.readTree(exchange.getRequestBody());
      requests.add(body);
      traces.add(new TraceContext(header(exchange, "traceparent"), header(exchange, "tracestate")));
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      if (forbids.test(body)) {
        reply(exchange, new Reply(403, "<html>forbidden</html>"));
        return;
      }
      Reply next = replies.poll();
      Reply reply = next == null ? last : next;
      last = reply;
      reply.until().await();
      reply(exchange, reply);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
  }

  private static void reply(HttpExchange exchange, Reply reply) throws IOException {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
  }
}
