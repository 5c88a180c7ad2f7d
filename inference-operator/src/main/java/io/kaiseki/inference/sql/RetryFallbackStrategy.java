package io.kaiseki.inference.sql;

import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;

/** What comes after the last attempt under {@link ErrorHandlingStrategy#RETRY}. */
public enum RetryFallbackStrategy implements DescribedEnum {
  /** As {@link ErrorHandlingStrategy#FAILOVER}. */
  FAILOVER(ErrorHandlingStrategy.FAILOVER),
  /** As {@link ErrorHandlingStrategy#IGNORE}. */
  IGNORE(ErrorHandlingStrategy.IGNORE);

  private final ErrorHandlingStrategy strategy;

  RetryFallbackStrategy(ErrorHandlingStrategy strategy) {
    this.strategy = strategy;
  }

  @Override
  public InlineElement getDescription() {
    return strategy.getDescription();
  }

  /** The value that a user writes. */
  @Override
  public String toString() {
    return strategy.toString();
  }
}
