package io.kaiseki.pipelines.config;

/**
 * A value that a user gave.
 *
 * @param key what it sets, such as {@code job.delivery}
 * @param value the value, references resolved
 * @param origin where it was given: the key in a file, a variable or an option
 */
public record Setting(String key, String value, String origin) {

  /** The value as it may be shown: redacted where it is, or may hold, a secret. */
  public String shown() {
    return Secrets.shown(key, value);
  }

  @Override
  public String toString() {
    return origin + " = " + shown();
  }
}
