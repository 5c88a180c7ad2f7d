package io.kaiseki.inference.openai;

import java.io.Serializable;

/**
 * The key that a server wants. It prints redacted; only {@link #reveal()} gives it, to the client
 * that sends it.
 */
public final class ApiKey implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String value;

  private ApiKey(String value) {
    this.value = value;
  }

  /**
   * Wraps a key.
   *
   * @throws IllegalArgumentException if it is blank, or holds what no HTTP header can
   */
  public static ApiKey of(String value) {
    if (value.isBlank() || value.chars().anyMatch(c -> c < 0x21 || c > 0x7E)) {
      throw new IllegalArgumentException(
          "an API key must be printable ASCII without spaces, and not empty");
    }
    return new ApiKey(value);
  }

  /** The key itself. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiKey key && key.value.equals(value);
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
