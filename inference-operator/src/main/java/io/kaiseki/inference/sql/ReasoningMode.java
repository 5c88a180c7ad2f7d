package io.kaiseki.inference.sql;

import io.kaiseki.inference.ReasoningPolicy;

/** The reasoning policies by the names that a user writes. */
public enum ReasoningMode {
  /** {@link ReasoningPolicy.Off}. */
  OFF("off"),
  /** {@link ReasoningPolicy.Always}. */
  ALWAYS("always"),
  /** {@link ReasoningPolicy.WhenUnsure}. */
  WHEN_UNSURE("when-unsure");

  private final String name;

  ReasoningMode(String name) {
    this.name = name;
  }

  /** The value that a user writes. */
  @Override
  public String toString() {
    return name;
  }
}
