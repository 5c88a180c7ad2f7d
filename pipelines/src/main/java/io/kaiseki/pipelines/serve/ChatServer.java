package io.kaiseki.pipelines.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.telemetry.DocumentFault;
import io.kaiseki.pipelines.config.OwnNames;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers an engine over HTTP: {@code /v1/chat/completions}, {@code /v1/models}, and {@code
 * /health/live} and {@code /health/ready}. The engine is the caller's, and outlives the server; if
 * it ends before, the server is not live any more, and whoever watches it starts another.
 */
public final class ChatServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ChatServer.class);

  /** How long a close waits for requests that are under way. */
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

  /** How long it waits then for replies to be written. */
  private static final Duration REPLY_LIMIT = Duration.ofSeconds(10);

  /** Longer than any request, whose connection is idle while it is worked on. */
  private static final Duration IDLE_MARGIN = Duration.ofSeconds(30);

  private static final String JSON_TYPE = "application/json";

  private final ServeSettings settings;
  private final InferenceEngine engine;
  private final Access access;
  private final ChatHandler handler;
  private final ChatReplies replies;
  private final List<String> models;
  private final long startedSeconds = Instant.now().getEpochSecond();
  private final Javalin web;

  private ChatServer(ServeSettings settings, InferenceEngine engine) {
    this.settings = settings;
    this.engine = engine;
    access = new Access(settings);
    String model = engine.description().model();
    models = new ArrayList<>(List.of(model));
    settings.analysis().ifPresent(analysis -> models.add(analysis.name()));
    replies = new ChatReplies(engine.description());
    handler = new ChatHandler(engine, new ChatCallReader(model, settings), replies, settings);
    web = Javalin.create(this::configure);
  }

  /**
   * Starts to listen.
   *
   * @param engine answers; the caller closes it after the server
   * @throws EngineUnavailableException if the engine can't run the analysis that is offered
   */
  public static ChatServer start(ServeSettings settings, InferenceEngine engine) {
    settings
        .analysis()
        .flatMap(engine::unsupported)
        .ifPresent(
            why -> {
              throw new EngineUnavailableException(why);
            });
    ChatServer server = new ChatServer(settings, engine);
    server.web.start(settings.host(), settings.port());
    LOG.info("event=serving address={} models={}", server.url(), server.models);
    return server;
  }

  /** Where clients find the API, with {@code /v1} at the end. */
  public URI url() {
    return URI.create("http://" + OwnNames.inUrl(settings.host()) + ":" + web.port() + "/v1");
  }

  /** The names of the models that it offers. */
  public List<String> models() {
    return List.copyOf(models);
  }

  /**
   * Takes no more requests, waits for those that are under way, for half a minute at most, and
   * frees the port.
   */
  @Override
  public void close() {
    handler.drain();
    long limit = System.nanoTime() + DRAIN_LIMIT.toNanos();
    while (handler.underWay() > 0 && System.nanoTime() < limit) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    if (handler.underWay() > 0) {
      LOG.warn("event=serve-close-late requests={} bound={}", handler.underWay(), DRAIN_LIMIT);
    }
    web.stop();
    handler.close();
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.prefer405over404 = true;
    config.http.defaultContentType = JSON_TYPE;
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    config.jetty.modifyServer(
        server -> {
          // Connections are closed once replies that have begun are written to their end.
          server.setHandler(new GracefulHandler());
          server.setStopTimeout(REPLY_LIMIT.toMillis());
          for (var connector : server.getConnectors()) {
            if (connector instanceof ServerConnector tcp) {
              tcp.setIdleTimeout(settings.deadline().plus(IDLE_MARGIN).toMillis());
            }
          }
        });
    config.routes.before("/v1/*", access::check);
    config.routes.get("/health/live", context -> health(context, !engine.ended()));
    config.routes.get("/health/ready", context -> health(context, ready()));
    // As llama-server calls it.
    config.routes.get("/health", context -> health(context, ready()));
    config.routes.get(
        "/v1/models", context -> json(context, 200, replies.models(models, startedSeconds)));
    config.routes.get("/v1/models/{model}", this::model);
    config.routes.post("/v1/chat/completions", handler::handle);
    config.routes.exception(ApiException.class, (e, context) -> fail(context, e));
    config.routes.exception(
        Exception.class, (e, context) -> fail(context, fault(context.path(), e)));
    for (int status : new int[] {404, 405}) {
      config.routes.error(
          status,
          "*",
          context -> {
            if (context.attribute(ChatHandler.ANSWERED) == null) {
              fail(
                  context,
                  ApiException.of(
                      status, "unknown_url", "no " + context.method() + " " + context.path()));
            }
          });
    }
  }

  private boolean ready() {
    return !handler.draining() && !engine.ended();
  }

  private void model(Context context) {
    String name = context.pathParam("model");
    if (!models.contains(name)) {
      throw ApiException.of(404, "model_not_found", "there is no model " + name);
    }
    json(context, 200, replies.model(name, startedSeconds));
  }

  private static void health(Context context, boolean well) {
    context
        .status(well ? 200 : 503)
        .result(well ? "{\"status\":\"ok\"}" : "{\"status\":\"ending\"}");
  }

  /** Tells the log of a fault, without what it may quote of a document; what the client is told. */
  static ApiException fault(String path, Throwable fault) {
    LOG.error("event=serve-fault path={}", path, DocumentFault.of(fault));
    LOG.debug("event=serve-fault path={}", path, fault);
    return ApiException.of(500, "engine_fault", "the server failed; see its log");
  }

  static void fail(Context context, ApiException failure) {
    if (failure.retrySeconds() > 0) {
      context.header("Retry-After", String.valueOf(failure.retrySeconds()));
    }
    json(context, failure.status(), failure.body());
  }

  static void json(Context context, int status, JsonNode body) {
    context.attribute(ChatHandler.ANSWERED, true);
    context
        .status(status)
        .contentType(JSON_TYPE)
        .result(body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
