package io.kaiseki.pipelines.faults;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Stands in front of the real registry and spoils its answers about single schemas. */
public final class RegistryProxy implements AutoCloseable {

  /** What becomes of a question. */
  enum Fault {
    /** No answer while anybody waits for it. */
    SILENT,
    /** The connection is closed in place of an answer. */
    HANGS_UP,
    /** 503, with a page of a load balancer. */
    UNAVAILABLE,
    /** 429, with the registry's own error body. */
    OVERLOADED,
    /** 404, with the registry's own error body. */
    UNKNOWN
  }

  private static final class Spoilt {
    final Fault fault;
    final AtomicInteger questions = new AtomicInteger();
    final CountDownLatch healed = new CountDownLatch(1);

    Spoilt(Fault fault) {
      this.fault = fault;
    }
  }

  private final URI registry;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, Spoilt> spoilt = new ConcurrentHashMap<>();

  RegistryProxy(String registryUrl) throws IOException {
    this(registryUrl, HttpServer.create(anyPort(), 0), null);
  }

  private RegistryProxy(
      String registryUrl, HttpServer server, @Nullable BasicAuthenticator authenticator) {
    this.registry = URI.create(registryUrl);
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::answer).setAuthenticator(authenticator);
    server.start();
  }

  /** Speaks TLS, and lets in one user. */
  public static RegistryProxy secured(
      String registryUrl, SSLContext tls, String user, String password) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new RegistryProxy(
        registryUrl,
        server,
        new BasicAuthenticator("registry") {
          @Override
          public boolean checkCredentials(String givenUser, String givenPassword) {
            return givenUser.equals(user) && givenPassword.equals(password);
          }
        });
  }

  /** Where clients find the registry's API. */
  public String url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://127.0.0.1:" + server.getAddress().getPort() + registry.getPath();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Spoils all answers about this schema from now on. */
  void spoil(int schemaId, Fault fault) {
    spoilt.put(schemaId, new Spoilt(fault));
  }

  /** How often this schema has been asked for since its answers are spoilt. */
  int questions(int schemaId) {
    return spoilt.get(schemaId).questions.get();
  }

  /** Answers as the registry does again. */
  void heal(int schemaId) {
    spoilt.remove(schemaId).healed.countDown();
  }

  @Override
  public void close() {
    spoilt.keySet().forEach(this::heal);
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Spoilt how = spoilt.get(schemaId(exchange.getRequestURI()));
      if (how == null) {
        pass(exchange);
        return;
      }
      how.questions.incrementAndGet();
      switch (how.fault) {
        case SILENT -> how.healed.await(1, TimeUnit.MINUTES);
        case HANGS_UP -> {}
        case UNAVAILABLE -> reply(exchange, 503, "<html>no backend</html>");
        case OVERLOADED -> reply(exchange, 429, "{\"error_code\":42901,\"message\":\"slow down\"}");
        case UNKNOWN -> reply(exchange, 404, "{\"error_code\":40403,\"message\":\"not found\"}");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(HttpExchange exchange) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(registry.resolve(exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type != null) {
      request.header("Content-Type", type);
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    reply(exchange, response.statusCode(), response.body());
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** The number at the end of {@code /schemas/ids/7}; -1 for any other question. */
  private static int schemaId(URI uri) {
    String path = uri.getPath();
    int start = path.indexOf("/schemas/ids/");
    return start < 0 ? -1 : Integer.parseInt(path.substring(start + "/schemas/ids/".length()));
  }
}
