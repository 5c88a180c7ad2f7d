package io.kaiseki.pipelines.eval.labels;

import io.kaiseki.inference.contract.AnswerType;
import java.util.List;
import java.util.Optional;

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

  /** Of a closed field, the only label that it can have; empty where there is a choice. */
  public Optional<String> onlyLabel() {
    List<String> symbols = Symbols.of(type);
    return closed() && symbols.size() == 1 ? Optional.of(symbols.get(0)) : Optional.empty();
  }
}
