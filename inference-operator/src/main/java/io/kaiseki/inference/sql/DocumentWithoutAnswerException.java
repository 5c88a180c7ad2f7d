package io.kaiseki.inference.sql;

import io.kaiseki.inference.Outcome;

/** A document has no answer, and the model's {@code error-handling-strategy} lets the job fail. */
public final class DocumentWithoutAnswerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DocumentWithoutAnswerException(String model, String document, Outcome.Failed failed) {
    super(
        ("model %s has no answer to document %s: %s: %s; set '%s' = 'ignore' and '%s' to go on"
                + " without")
            .formatted(
                model,
                document,
                failed.reason(),
                failed.message(),
                SqlModelOptions.ERROR_HANDLING_STRATEGY.key(),
                SqlModelOptions.ERROR_COLUMN.key()));
  }
}
