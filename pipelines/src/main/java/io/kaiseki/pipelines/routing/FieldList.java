package io.kaiseki.pipelines.routing;

import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.pipelines.config.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The fields that a condition may speak of, in words. */
final class FieldList {

  private final List<String> names = new ArrayList<>();
  private final List<String> described = new ArrayList<>();

  FieldList(AnswerType.Composite answer) {
    collect("", answer);
  }

  /** A field with a similar name, or else all of them. */
  String near(String name) {
    return NearestName.hint(name, names, toString());
  }

  @Override
  public String toString() {
    return "the answer has "
        + String.join(", ", described)
        + "; confidence has the closed fields, and leastConfidence is the least of all";
  }

  private void collect(String prefix, AnswerType.Composite composite) {
    for (AnswerType.Field field : composite.fields()) {
      String path = prefix + field.name();
      names.add(field.name());
      described.add(path + " (" + words(field.type()) + ")");
      inner(field.type()).ifPresent(record -> collect(path + ".", record));
    }
  }

  private static Optional<AnswerType.Composite> inner(AnswerType type) {
    AnswerType plain = RouteTypes.withoutNull(type);
    AnswerType element = plain instanceof AnswerType.Items items ? items.type() : plain;
    return element instanceof AnswerType.Composite record ? Optional.of(record) : Optional.empty();
  }

  private static String words(AnswerType type) {
    if (type instanceof AnswerType.Nullable nullable) {
      return words(nullable.type()) + " or null";
    }
    if (type instanceof AnswerType.Items items) {
      return "list of " + words(items.type());
    }
    if (type instanceof AnswerType.Enumeration) {
      return "a label";
    }
    if (type instanceof AnswerType.Truth) {
      return "true or false";
    }
    if (type instanceof AnswerType.Number number) {
      return RouteTypes.isWhole(number) ? "a whole number" : "a number";
    }
    if (type instanceof AnswerType.Date || type instanceof AnswerType.Timestamp) {
      return "a timestamp";
    }
    return type instanceof AnswerType.Composite ? "a record" : "text";
  }
}
