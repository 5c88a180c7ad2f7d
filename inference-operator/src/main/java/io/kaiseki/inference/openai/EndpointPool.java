package io.kaiseki.inference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.EngineUnavailableException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of an engine. A request goes to the one with the fewest in flight; those that are ill
 * are left out and asked for their models until they answer.
 */
final class EndpointPool {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointPool.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration HEALTH_LIMIT = Duration.ofSeconds(5);
  private static final Duration TRY_LIMIT = Duration.ofMinutes(1);

  /** Who finds fault with a request as such has let it in. */
  private static final Set<Integer> SERVED = Set.of(200, 400, 422);

  private final OpenAiSettings settings;
  private final HttpClient client;
  private final List<Endpoint> endpoints;
  private final AtomicInteger turn = new AtomicInteger();

  EndpointPool(OpenAiSettings settings, HttpClient client, LongSupplier nanos) {
    this.settings = settings;
    this.client = client;
    endpoints = settings.endpoints().stream().map(uri -> new Endpoint(uri, nanos)).toList();
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  /**
   * Takes a place in the server that has most room.
   *
   * @param last the one that failed just now, which is taken only where no other can be
   */
  Optional<Endpoint> take(@Nullable Endpoint last) {
    List<Endpoint> order = new ArrayList<>(endpoints);
    // Equals take turns.
    Collections.rotate(order, -Math.floorMod(turn.getAndIncrement(), order.size()));
    order.sort(
        Comparator.comparing((Endpoint endpoint) -> endpoint == last)
            .thenComparing(Endpoint::inFlight));
    return order.stream().filter(Endpoint::take).findFirst();
  }

  /** Whether there is another server that is well. */
  boolean hasOther(Endpoint than) {
    return endpoints.stream().anyMatch(other -> other != than && other.well());
  }

  /** What is wrong with the servers that are not well, as far as it is known; empty if all are. */
  String knownProblems() {
    return endpoints.stream()
        .map(Endpoint::problem)
        .filter(Objects::nonNull)
        .collect(Collectors.joining("; "));
  }

  /**
   * Why no server serves, whatever it is asked; empty where one does, or one is only ill or busy.
   *
   * @param lastingly whether to tell only of servers that go on refusing
   */
  Optional<String> refusal(boolean lastingly) {
    List<String> refusals =
        endpoints.stream()
            .filter(endpoint -> !lastingly || endpoint.refusesLastingly())
            .map(Endpoint::refusal)
            .filter(Objects::nonNull)
            .toList();
    return refusals.size() == endpoints.size()
        ? Optional.of(String.join("; ", refusals))
        : Optional.empty();
  }

  /**
   * Asks all servers that are doubtful how they are, and tries those that refuse to serve; never
   * blocks.
   */
  CompletableFuture<Void> examine() {
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.doubtful()) {
        asked.add(examined(endpoint));
      } else if (endpoint.tries()) {
        asked.add(tried(endpoint));
      }
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new));
  }

  /**
   * Asks for a completion as small as can be. By a document it would not be known whether the
   * server refuses all of them or this one, and a list of models may be served to anybody.
   */
  private CompletableFuture<Void> tried(Endpoint endpoint) {
    int began = endpoint.refusals();
    ObjectNode body = JSON.createObjectNode().put("model", settings.model()).put("max_tokens", 1);
    body.putArray("messages").addObject().put("role", "user").put("content", "Hello");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.completions())
            .timeout(TRY_LIMIT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    return authorized(request)
        .handle(
            (response, error) -> {
              if (error != null) {
                LOG.debug("event=try-failed endpoint={}", endpoint, error);
              } else if (SERVED.contains(response.statusCode())) {
                endpoint.serves(began);
              } else if (FaultReader.of(endpoint, settings, response, "")
                  instanceof ChatFault.Refusing refusing) {
                endpoint.refuses(began, refusing.message());
              }
              return null;
            });
  }

  private CompletableFuture<Void> examined(Endpoint endpoint) {
    return models(endpoint)
        .handle(
            (response, error) -> {
              if (error == null) {
                noted(endpoint, response);
              } else {
                endpoint.unwell(unreachable(endpoint, error));
              }
              return null;
            });
  }

  private Optional<ServedModel> noted(Endpoint endpoint, HttpResponse<byte[]> response) {
    Optional<ServedModel> served = served(endpoint, response);
    if (served.isPresent()) {
      endpoint.healthy(served.get());
    } else if (refuses(response)) {
      endpoint.refusedCheck(unhealthy(endpoint, response));
    } else {
      endpoint.unwell(unhealthy(endpoint, response));
    }
    return served;
  }

  /**
   * Looks at every server once, at all of them at the same time.
   *
   * @return what is wrong, each naming the server
   */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    models()
        .forEach(
            (endpoint, asked) -> {
              try {
                HttpResponse<byte[]> response = asked.join();
                Optional<ServedModel> served = served(endpoint, response);
                served.ifPresent(endpoint::healthy);
                if (served.isEmpty()) {
                  problems.add(unhealthy(endpoint, response));
                } else if (response.statusCode() == 200 && !served.get().listed()) {
                  problems.add(
                      endpoint + " does not serve model " + settings.model() + listed(response));
                }
              } catch (CompletionException e) {
                problems.add(unreachable(endpoint, e));
              }
            });
    return problems;
  }

  /**
   * Looks at every server before the first request, at all of them at the same time; takes five
   * seconds at most.
   *
   * @throws EngineUnavailableException if some of them do not accept the key, naming them all; one
   *     that can't be reached may come back
   */
  void start() {
    List<String> refusals = new ArrayList<>();
    models()
        .forEach(
            (endpoint, asked) -> {
              HttpResponse<byte[]> response;
              try {
                response = asked.join();
              } catch (CompletionException e) {
                endpoint.unwell(unreachable(endpoint, e));
                return;
              }
              if (refuses(response)) {
                refusals.add(unhealthy(endpoint, response));
                return;
              }
              Optional<ServedModel> served = noted(endpoint, response);
              LOG.info(
                  "event=endpoint endpoint={} status={} kaiseki={} listed={}",
                  endpoint,
                  response.statusCode(),
                  served.map(ServedModel::kaiseki).orElse(false),
                  served.map(ServedModel::listed).orElse(false));
            });
    if (!refusals.isEmpty()) {
      throw new EngineUnavailableException(String.join("; ", refusals));
    }
  }

  /** Asks all servers for their models, in the order of the settings. */
  private Map<Endpoint, CompletableFuture<HttpResponse<byte[]>>> models() {
    Map<Endpoint, CompletableFuture<HttpResponse<byte[]>>> asked = new LinkedHashMap<>();
    endpoints.forEach(endpoint -> asked.put(endpoint, models(endpoint)));
    return asked;
  }

  private CompletableFuture<HttpResponse<byte[]>> models(Endpoint endpoint) {
    return authorized(HttpRequest.newBuilder(endpoint.models()).timeout(HEALTH_LIMIT))
        .orTimeout(HEALTH_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<HttpResponse<byte[]>> authorized(HttpRequest.Builder request) {
    ApiKey key = settings.key();
    if (key != null) {
      request.header("Authorization", "Bearer " + key.reveal());
    }
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Empty where it is not well. Some servers have no list of models; that is not an illness. */
  private Optional<ServedModel> served(Endpoint endpoint, HttpResponse<byte[]> response) {
    if (response.statusCode() == 404 || response.statusCode() == 405) {
      return Optional.of(ServedModel.UNKNOWN);
    }
    if (response.statusCode() != 200) {
      return Optional.empty();
    }
    try {
      return Optional.of(ServedModel.of(JSON.readTree(response.body()), settings.model()));
    } catch (JsonProcessingException e) {
      LOG.debug("event=endpoint-unhealthy endpoint={} models=unreadable", endpoint);
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
  }

  private static String unhealthy(Endpoint endpoint, HttpResponse<byte[]> response) {
    return endpoint.models() + " answers HTTP " + response.statusCode() + hint(response);
  }

  private static String unreachable(Endpoint endpoint, Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return endpoint
        + " can't be reached: "
        + cause.getClass().getSimpleName()
        + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
  }

  private static String hint(HttpResponse<byte[]> response) {
    return refuses(response) ? "; set the api-key to one that it accepts" : "";
  }

  private static boolean refuses(HttpResponse<byte[]> response) {
    return response.statusCode() == 401 || response.statusCode() == 403;
  }

  private static String listed(HttpResponse<byte[]> response) {
    try {
      List<String> names = new ArrayList<>();
      JSON.readTree(response.body()).path("data").forEach(m -> names.add(m.path("id").asText()));
      return names.isEmpty()
          ? ""
          : "; it serves " + String.join(", ", names.subList(0, Math.min(8, names.size())));
    } catch (IOException e) {
      return "";
    }
  }
}
