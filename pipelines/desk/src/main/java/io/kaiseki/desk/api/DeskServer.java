package io.kaiseki.desk.api;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.kaiseki.desk.feedback.FeedbackNotWrittenException;
import io.kaiseki.desk.view.ViewUnavailableException;
import io.kaiseki.pipelines.config.Causes;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.registry.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The web server. It listens before there is anything to serve, because other instances must be
 * told its port; until {@link #serve}, it answers 503.
 */
public final class DeskServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeskServer.class);
  private static final String API = "/api/v1";
  private static final String EVENTS = "/events";
  private static final String OPENAPI = "/api/openapi.json";
  private static final int LARGEST_BODY = 256 << 10;

  /** No script, style or anything else that is not this build's own file. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Javalin javalin;
  private final AtomicReference<@Nullable Endpoints> endpoints = new AtomicReference<>();

  private DeskServer(String host, int port, Access access) {
    this.javalin =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.jetty.host = host;
              config.jetty.port = port;
              config.http.maxRequestSize = LARGEST_BODY;
              config.http.defaultContentType = "application/json";
              config.requestLogger.http(new RequestTimes(API + EVENTS));
              config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
              addRoutes(config.routes, access);
            });
  }

  /**
   * Starts listening.
   *
   * @param port 0 for any free one
   * @param token the bearer token to ask for; empty for none
   * @param names names of this machine besides those of loopback, for requests without a token
   * @throws IllegalStateException if the port is taken
   */
  public static DeskServer listen(
      String host, int port, Optional<Secret> token, Set<String> names) {
    DeskServer server = new DeskServer(host, port, new Access(token, names));
    try {
      server.javalin.start();
      return server;
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "the desk can't listen on %s:%d (desk.host, desk.port): %s"
              .formatted(host, port, Causes.rootMessage(e)),
          e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return javalin.port();
  }

  /** Serves from now on. */
  public void serve(Endpoints served) {
    endpoints.set(served);
  }

  /** Every route with its method, such as {@code GET /health/live}. */
  List<String> routes() {
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .filter(handler -> handler.endpoint.method.isHttpMethod())
        .map(handler -> handler.endpoint.method.name() + " " + handler.endpoint.path)
        .toList();
  }

  @Override
  public void close() {
    Endpoints served = endpoints.getAndSet(null);
    if (served != null) {
      served.close();
    }
    javalin.stop();
  }

  private void addRoutes(RoutesConfig routes, Access access) {
    routes.before(DeskServer::addHeaders);
    routes.before("/api/*", access::check);
    routes.before("/internal/*", access::check);
    PageFiles.addTo(routes);
    byte[] openApi = resource("/openapi.json");
    routes.get(
        OPENAPI,
        request -> Answers.send(request, openApi, Answers.tag(openApi), "application/json"));
    routes.get(API + "/documents", request -> served().documents().list(request));
    routes.get(API + "/documents/{id}", request -> served().documents().document(request));
    routes.get(API + "/documents/{id}/text", request -> served().documents().text(request));
    routes.post(API + "/documents/{id}/feedback", request -> served().feedback().write(request));
    routes.get(API + "/columns", request -> served().overview().columns(request));
    routes.get(API + "/statistics", request -> served().overview().statistics(request));
    routes.sse(API + EVENTS, client -> served().events().listen(client));
    routes.get("/internal/v1/documents", request -> served().internal().documents(request));
    routes.get("/internal/v1/documents/{id}", request -> served().internal().document(request));
    routes.get("/internal/v1/counts", request -> served().internal().counts(request));
    routes.get("/internal/v1/version", request -> served().internal().version(request));
    routes.get("/health/live", request -> request.result("{\"status\":\"live\"}"));
    routes.get("/health/ready", this::ready);
    routes.exception(
        ApiProblem.class, (problem, request) -> send(request, problem.status(), problem.detail()));
    routes.exception(
        ViewUnavailableException.class, (problem, request) -> unavailable(request, problem));
    routes.exception(
        RegistryUnavailableException.class, (problem, request) -> unavailable(request, problem));
    routes.exception(
        FeedbackNotWrittenException.class, (problem, request) -> unavailable(request, problem));
    routes.exception(Exception.class, DeskServer::failed);
    routes.error(404, request -> sendIfEmpty(request, "there is nothing at this address"));
  }

  private Endpoints served() {
    Endpoints served = endpoints.get();
    if (served == null) {
      throw new ApiProblem(503, "the desk is starting or ending");
    }
    return served;
  }

  private void ready(Context request) {
    Endpoints served = endpoints.get();
    boolean ready = served != null && served.isReady();
    request
        .status(ready ? 200 : 503)
        .result(
            Json.bytes(
                Map.of(
                    "status", ready ? "ready" : "not ready",
                    "streams", served == null ? "NOT_STARTED" : served.state())));
  }

  private static void addHeaders(Context request) {
    request.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    request.header("X-Content-Type-Options", "nosniff");
    request.header("Referrer-Policy", "no-referrer");
    request.header("Cross-Origin-Resource-Policy", "same-origin");
    request.header("Cross-Origin-Opener-Policy", "same-origin");
    request.header("Cache-Control", "no-store");
  }

  private static void unavailable(Context request, Exception problem) {
    request.header("Retry-After", "1");
    send(request, 503, String.valueOf(problem.getMessage()));
  }

  private static void failed(Exception failure, Context request) {
    LOG.error("request failed method={} path={}", request.method(), request.path(), failure);
    send(request, 500, "the desk failed to answer; its log says why");
  }

  private static void sendIfEmpty(Context request, String detail) {
    if (request.result() == null || !request.result().startsWith("{\"type\"")) {
      send(request, request.statusCode(), detail);
    }
  }

  private static void send(Context request, int status, String detail) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("status", status);
    problem.put("detail", detail);
    request.status(status).contentType("application/problem+json").result(Json.bytes(problem));
  }

  private static byte[] resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(DeskServer.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
