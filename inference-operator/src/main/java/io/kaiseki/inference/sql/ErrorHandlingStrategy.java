package io.kaiseki.inference.sql;

import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;
import org.apache.flink.configuration.description.TextElement;

/** What becomes of a document that has no answer. The names are those of Flink's own providers. */
public enum ErrorHandlingStrategy implements DescribedEnum {
  /** The engine is asked again where that may help, then the fallback decides. */
  RETRY("retry", "Ask the engine again where that may help; then retry-fallback-strategy decides."),
  /** The job fails. */
  FAILOVER("failover", "Fail the job."),
  /** The job goes on without an answer. */
  IGNORE(
      "ignore",
      "Go on: the row is left out, or with error-column it comes out with the reason and no"
          + " answer.");

  private final String name;
  private final String description;

  ErrorHandlingStrategy(String name, String description) {
    this.name = name;
    this.description = description;
  }

  @Override
  public InlineElement getDescription() {
    return TextElement.text(description);
  }

  /** The value that a user writes. */
  @Override
  public String toString() {
    return name;
  }
}
