package io.kaiseki.desk.view;

import io.kaiseki.pipelines.config.OwnNames;
import io.kaiseki.schemas.registry.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other instances of the same desk. Safe for use by many threads. */
final class Peers {

  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int OK = 200;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final @Nullable Secret token;

  /**
   * @param token the bearer token that all instances share; null where they ask for none
   */
  Peers(@Nullable Secret token) {
    this.token = token;
  }

  /**
   * Asks one of them. It never fails: an instance that does not answer in time is left out, and the
   * answer says so by the partitions that it lacks.
   *
   * @param path the address on the instance, with its query
   */
  CompletableFuture<Optional<byte[]>> get(HostInfo peer, String path) {
    URI address = URI.create("http://" + OwnNames.inUrl(peer.host()) + ":" + peer.port() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE);
    if (token != null) {
      request.header("Authorization", "Bearer " + token.reveal());
    }
    return client
        .sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
        .handle(
            (response, failure) -> {
              if (failure == null && response.statusCode() == OK) {
                return Optional.of(response.body());
              }
              LOG.info(
                  "no answer from another instance address={}:{} cause={}",
                  peer.host(),
                  peer.port(),
                  failure == null ? "status " + response.statusCode() : rootOf(failure));
              return Optional.empty();
            });
  }

  private static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && !(root instanceof IOException)) {
      root = root.getCause();
    }
    return root.toString();
  }
}
