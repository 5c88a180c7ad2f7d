package io.kaiseki.schemas.registry;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.kaiseki.schemas.registry.RegistryTls.Keystore;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the schema registry. It travels in the job graph and prints without secrets.
 *
 * @param urls addresses of the registry, tried in turn; {@code http}, {@code https}, or a single
 *     {@code mock://name} for a registry inside this JVM
 * @param credentials who the client is
 * @param tls key material; null for the JVM's own
 * @param connectTimeout until a connection stands; positive
 * @param readTimeout until an answer has come; positive
 */
public record RegistrySettings(
    List<String> urls,
    RegistryCredentials credentials,
    @Nullable RegistryTls tls,
    Duration connectTimeout,
    Duration readTimeout)
    implements Serializable {

  /** Schemas that a client remembers; far above what a pipeline sees, yet a bound. */
  private static final int REMEMBERED_SCHEMAS = 1_000;

  private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(15);
  private static final Set<String> SCHEMES = Set.of("http", "https", "mock");

  private static final Pattern USER_INFO = Pattern.compile("^((?:[^/@]*//)?).*@", Pattern.DOTALL);

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException naming every setting that is wrong, with its value
   */
  public RegistrySettings {
    urls = List.copyOf(urls);
    List<String> problems = new ArrayList<>();
    if (urls.isEmpty()) {
      problems.add("registry url is missing; give one such as http://localhost:8081");
    }
    for (String url : urls) {
      urlProblem(url, urls.size()).ifPresent(problems::add);
    }
    checkTimeout("connect", connectTimeout, problems);
    checkTimeout("read", readTimeout, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
    }
  }

  /** Settings for one registry without credentials, with a 5 s connect and a 15 s read timeout. */
  public static RegistrySettings of(String url) {
    return new RegistrySettings(
        List.of(url),
        new RegistryCredentials.Anonymous(),
        null,
        DEFAULT_CONNECT_TIMEOUT,
        DEFAULT_READ_TIMEOUT);
  }

  /** The same registry, reached with these credentials. */
  public RegistrySettings withCredentials(RegistryCredentials changed) {
    return new RegistrySettings(urls, changed, tls, connectTimeout, readTimeout);
  }

  /** The same registry, reached with this key material. */
  public RegistrySettings withTls(RegistryTls changed) {
    return new RegistrySettings(urls, credentials, changed, connectTimeout, readTimeout);
  }

  /** The same registry with other timeouts. */
  public RegistrySettings withTimeouts(Duration connect, Duration read) {
    return new RegistrySettings(urls, credentials, tls, connect, read);
  }

  /**
   * Builds a client; no connection is made yet. It is safe for use by many threads, and whoever
   * builds it closes it.
   *
   * @throws RegistryRefusedException if the client does not take the settings, such as a truststore
   *     that can't be read
   */
  public SchemaRegistryClient connect() {
    try {
      return SchemaRegistryClientFactory.newClient(
          urls,
          REMEMBERED_SCHEMAS,
          List.of(new AvroParsing(address())),
          clientConfiguration(),
          Map.of());
    } catch (RuntimeException e) {
      // The client has no type of its own for it.
      throw RegistryFaults.ofSettings(address(), e);
    }
  }

  /** The addresses as one text, for messages. */
  public String address() {
    return String.join(",", urls);
  }

  /**
   * An address, or several, as it may be shown: asterisks stand for all between its scheme and the
   * last {@code @}, since a password may hold anything.
   */
  public static String withoutUserInfo(String url) {
    return USER_INFO.matcher(url).replaceFirst("$1******@");
  }

  /**
   * The settings under the Confluent client's own keys. Secrets stand in it in the clear: it is for
   * a client, never for a log.
   */
  public Map<String, Object> clientConfiguration() {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("schema.registry.url", address());
    configuration.put("http.connect.timeout.ms", Math.toIntExact(connectTimeout.toMillis()));
    configuration.put("http.read.timeout.ms", Math.toIntExact(readTimeout.toMillis()));
    if (credentials instanceof RegistryCredentials.Basic basic) {
      configuration.put("basic.auth.credentials.source", "USER_INFO");
      configuration.put("basic.auth.user.info", basic.user() + ":" + basic.password().reveal());
    } else if (credentials instanceof RegistryCredentials.Bearer bearer) {
      configuration.put("bearer.auth.credentials.source", "STATIC_TOKEN");
      configuration.put("bearer.auth.token", bearer.token().reveal());
    }
    // Left out, the client takes any certificate of the right issuer for any host.
    configuration.put("schema.registry.ssl.endpoint.identification.algorithm", "https");
    if (tls != null) {
      put(configuration, "schema.registry.ssl.truststore.", tls.truststore());
      put(configuration, "schema.registry.ssl.keystore.", tls.keystore());
      if (tls.keystore() != null && tls.keystore().keyPassword() != null) {
        configuration.put(
            "schema.registry.ssl.key.password", tls.keystore().keyPassword().reveal());
      }
    }
    return configuration;
  }

  private static void put(
      Map<String, Object> configuration, String prefix, @Nullable Keystore store) {
    if (store == null) {
      return;
    }
    configuration.put(prefix + "location", store.location());
    configuration.put(prefix + "type", store.type());
    if (store.password() != null) {
      configuration.put(prefix + "password", store.password().reveal());
    }
  }

  private static Optional<String> urlProblem(String url, int urlCount) {
    // Where the host is no valid name, java.net.URI sees no user in front of it.
    if (url.indexOf('@') >= 0) {
      return Optional.of(
          "registry url '"
              + withoutUserInfo(url)
              + "' holds a user or password, which would show in logs;"
              + " use the credentials settings");
    }
    try {
      URI uri = new URI(url);
      if (uri.getScheme() == null
          || !SCHEMES.contains(uri.getScheme())
          || uri.getAuthority() == null) {
        return Optional.of(
            "registry url '" + url + "' must look like http://host:port or https://host:port");
      }
      if (uri.getScheme().equals("mock") && urlCount > 1) {
        return Optional.of("registry url '" + url + "' must stand alone");
      }
      return Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.of("registry url '" + url + "' is no URL: " + e.getReason());
    }
  }

  private static void checkTimeout(String which, Duration timeout, List<String> problems) {
    if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
      problems.add("registry " + which + " timeout must be 1 ms or more, but is " + timeout);
    }
  }
}
