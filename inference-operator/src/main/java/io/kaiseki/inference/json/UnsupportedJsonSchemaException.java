package io.kaiseki.inference.json;

import java.util.List;

/** A JSON schema asks for something that no contract can express. */
public final class UnsupportedJsonSchemaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  UnsupportedJsonSchemaException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** All problems of the schema, each beginning with the path in the schema. */
  public List<String> problems() {
    return problems;
  }
}
