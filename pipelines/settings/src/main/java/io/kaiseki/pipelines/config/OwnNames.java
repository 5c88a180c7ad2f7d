package io.kaiseki.pipelines.config;

import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names under which a server on this machine may be asked. A browser on this machine runs pages
 * of other sites, too: one whose name they have pointed here (DNS rebinding) is none of these, and
 * a request of one that is loaded from elsewhere names another origin.
 */
public final class OwnNames {

  private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

  /**
   * @param more names and addresses besides those of loopback
   */
  public OwnNames(Collection<String> more) {
    more.forEach(name -> names.add(inUrl(name).toLowerCase(Locale.ROOT)));
  }

  /**
   * Whether one of them was asked.
   *
   * @param host the header {@code Host}, with a port or without
   */
  public boolean contains(@Nullable String host) {
    return names.contains(lower(host).replaceFirst(":[0-9]*$", ""));
  }

  /**
   * Whether a request comes from a page of the server that it asks, or from no page at all.
   *
   * @param origin the header {@code Origin}
   * @param host the header {@code Host}
   */
  public static boolean sameOrigin(@Nullable String origin, @Nullable String host) {
    return origin == null || authority(origin).equals(lower(host));
  }

  /** A name or an address as it stands in a URL: that of IPv6 in brackets. */
  public static String inUrl(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /** Host and port of an origin; of one that has none, such as a file, what no host is called. */
  private static String authority(String origin) {
    try {
      return lower(String.valueOf(URI.create(origin).getAuthority()));
    } catch (IllegalArgumentException e) {
      return "null";
    }
  }

  private static String lower(@Nullable String name) {
    return name == null ? "" : name.toLowerCase(Locale.ROOT);
  }
}
