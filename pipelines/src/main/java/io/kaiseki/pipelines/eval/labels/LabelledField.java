package io.kaiseki.pipelines.eval.labels;

import io.kaiseki.inference.contract.AnswerType;

/**
 * A field of the contract that the file has labels for.
 *
 * @param name name of the field
 * @param column the column that holds its labels
 * @param type its type in the contract
 */
public record LabelledField(String name, String column, AnswerType type) {

  /** Whether its values are a finite set that has probabilities. */
  public boolean closed() {
    return type.closed();
  }
}
