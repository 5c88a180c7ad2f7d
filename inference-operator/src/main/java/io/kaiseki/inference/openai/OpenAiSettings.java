package io.kaiseki.inference.openai;

import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which servers to ask, and how. Equal settings share one engine per JVM.
 *
 * @param endpoints addresses of servers with the same model, with or without {@code /v1} at the
 *     end; at least one
 * @param model the model's name there
 * @param key the key that they want; null sends none
 * @param slots requests at the same time, over all endpoints; at least 1
 * @param maxTokens most tokens of an answer; 0 derives them from the contract. A reasoning budget
 *     comes on top
 * @param reasoningEffort what is sent as {@code reasoning_effort}, such as {@code low}; empty sends
 *     none. To {@code kaiseki serve} the reasoning policy itself is sent instead
 */
public record OpenAiSettings(
    List<URI> endpoints,
    String model,
    @Nullable ApiKey key,
    int slots,
    int maxTokens,
    String reasoningEffort)
    implements Serializable {

  /** Requests at the same time by default. */
  public static final int DEFAULT_SLOTS = 8;

  public OpenAiSettings {
    endpoints = List.copyOf(endpoints);
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(reasoningEffort, "reasoningEffort");
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("endpoints must name at least one server");
    }
    endpoints.forEach(
        endpoint ->
            problem(endpoint.toString())
                .ifPresent(
                    problem -> {
                      throw new IllegalArgumentException("endpoint " + endpoint + " " + problem);
                    }));
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be at least 1, but is " + slots);
    }
    if (maxTokens < 0) {
      throw new IllegalArgumentException("maxTokens must be 0 or more, but is " + maxTokens);
    }
  }

  /** Defaults for one server: no key, {@value #DEFAULT_SLOTS} slots, tokens by the contract. */
  public static OpenAiSettings of(URI endpoint, String model) {
    return new OpenAiSettings(List.of(endpoint), model, null, DEFAULT_SLOTS, 0, "");
  }

  /** The same with another number of slots. */
  public OpenAiSettings withSlots(int slots) {
    return new OpenAiSettings(endpoints, model, key, slots, maxTokens, reasoningEffort);
  }

  /** The same with a key. */
  public OpenAiSettings withKey(ApiKey key) {
    return new OpenAiSettings(endpoints, model, key, slots, maxTokens, reasoningEffort);
  }

  /** What is wrong with the address of a server; empty if nothing is. */
  public static Optional<String> problem(String endpoint) {
    URI uri;
    try {
      uri = URI.create(endpoint);
    } catch (IllegalArgumentException e) {
      return Optional.of("is no address; expected http://HOST:PORT or https://HOST");
    }
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    return web && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null
        ? Optional.empty()
        : Optional.of(
            "is no address of a server; expected http://HOST:PORT or https://HOST, without a user"
                + " or a query");
  }
}
