package io.kaiseki.pipelines.config;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Tells by its key whether a client property holds a secret, and shows properties without them. */
public final class Secrets {

  static final String REDACTED = "(redacted)";

  /** A token is one, and a number of tokens is not. */
  private static final Pattern SECRET =
      Pattern.compile(
          "password|passphrase|secret|token(?!s)|credential|jaas|user\\.info|keystore\\.key"
              + "|api[.-]key|private");

  private Secrets() {}

  /** Whether the value of this key must not be shown; names of files and addresses may be. */
  public static boolean isSecret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return SECRET.matcher(lower).find()
        && !lower.endsWith(".location")
        && !lower.endsWith(".url")
        && !lower.endsWith("credentials.source");
  }

  /** The properties in the order of their keys, secrets redacted. */
  public static Map<String, String> redacted(Map<String, String> properties) {
    Map<String, String> shown = new TreeMap<>(properties);
    shown.replaceAll((key, value) -> isSecret(key) ? REDACTED : value);
    return shown;
  }
}
