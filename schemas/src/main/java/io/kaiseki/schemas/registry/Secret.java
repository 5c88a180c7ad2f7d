package io.kaiseki.schemas.registry;

import java.io.Serializable;
import java.util.Objects;

/**
 * A password or token. It prints redacted, so that no log line, error text or record that holds one
 * gives it away; only {@link #reveal()} does, at the place where it is handed to a client.
 */
public final class Secret implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * Wraps a secret.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static Secret of(String value) {
    Objects.requireNonNull(value, "value");
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          "a secret must not be empty; leave the setting out instead");
    }
    return new Secret(value);
  }

  /** The secret itself, for the client that needs it and for nothing else. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "******";
  }
}
