package io.kaiseki.pipelines.config;

import io.kaiseki.schemas.registry.RegistrySettings;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Tells by its key whether a client property holds a secret, and shows properties without them. */
public final class Secrets {

  static final String REDACTED = "(redacted)";

  /**
   * A token is one, and a number of tokens is not. Headers are those of an exporter of traces,
   * where its token stands.
   */
  private static final Pattern SECRET =
      Pattern.compile(
          "password|passphrase|secret|token(?!s)|credential|jaas|user\\.info|keystore\\.key"
              + "|api[.-]key|private|headers|authorization");

  private Secrets() {}

  /** Whether the value of this key must not be shown; names of files and addresses may be. */
  public static boolean isSecret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return SECRET.matcher(lower).find()
        && !lower.endsWith(".location")
        && !lower.endsWith(".url")
        && !lower.endsWith("credentials.source");
  }

  /**
   * A value as it may be shown: redacted if it is a secret, an address without user and password.
   */
  static String shown(String key, String value) {
    if (isSecret(key)) {
      return REDACTED;
    }
    return key.toLowerCase(Locale.ROOT).endsWith(".url")
        ? RegistrySettings.withoutUserInfo(value)
        : value;
  }

  /** The properties in the order of their keys, secrets redacted. */
  public static Map<String, String> redacted(Map<String, String> properties) {
    Map<String, String> shown = new TreeMap<>(properties);
    shown.replaceAll(Secrets::shown);
    return shown;
  }
}
