package io.kaiseki.schemas.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** An HTTP server that answers a registry's calls with what a test told it to. */
public final class RegistryStub implements AutoCloseable {

  /** A call as it arrived. */
  public record Call(String target, String authorization, String body) {}

  private record Reply(int status, String body) {}

  private final HttpServer server;
  private final String scheme;
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  private RegistryStub(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", this::answer);
    server.start();
  }

  public static RegistryStub start() throws IOException {
    return new RegistryStub(HttpServer.create(loopback(), 0), "http");
  }

  public static RegistryStub start(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new RegistryStub(server, "https");
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /**
   * Sets the answer to a call.
   *
   * @param target such as {@code GET /schemas/ids/7}
   */
  public RegistryStub reply(String target, int status, String body) {
    replies.put(target, new Reply(status, body));
    return this;
  }

  /** Answers a call with an Avro schema. */
  public RegistryStub schema(int id, String avro) {
    return reply("GET /schemas/ids/" + id, 200, "{\"schema\":" + quoted(avro) + "}");
  }

  public String url() {
    return url("localhost");
  }

  public String url(String host) {
    return scheme + "://" + host + ":" + server.getAddress().getPort();
  }

  public List<Call> calls() {
    return List.copyOf(calls);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String target = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      calls.add(new Call(target, exchange.getRequestHeaders().getFirst("Authorization"), body));
      Reply reply =
          replies.getOrDefault(
              target, new Reply(404, "{\"error_code\":40403,\"message\":\"not found\"}"));
      byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
