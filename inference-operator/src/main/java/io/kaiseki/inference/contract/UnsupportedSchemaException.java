package io.kaiseki.inference.contract;

import java.util.List;

/** The result schema asks for something that no decoding constraint can express. */
public final class UnsupportedSchemaException extends RuntimeException {

  private final List<String> problems;

  UnsupportedSchemaException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** All problems of the schema, each naming the field, what was found and what is possible. */
  public List<String> problems() {
    return problems;
  }
}
