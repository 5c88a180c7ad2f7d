package io.kaiseki.desk.model;

import java.util.List;

/**
 * A top-level field of an answer, as the desk shows it.
 *
 * @param name its name in the schema
 * @param kind how it is shown, filtered and corrected
 * @param nullable whether it may be null
 * @param labels the values that it can take, in the order of the schema; empty unless {@link
 *     Kind#closed()}
 * @param doc what the schema says about it
 * @param quote whether it holds words of the document itself
 */
public record Column(
    String name, Kind kind, boolean nullable, List<Label> labels, String doc, boolean quote) {

  public Column {
    labels = List.copyOf(labels);
  }

  /** Whether it takes this value, as text; lists and records are taken as JSON elsewhere. */
  public boolean accepts(String value) {
    return switch (kind) {
      case LABEL, FLAG -> labels.stream().anyMatch(label -> label.name().equals(value));
      case NUMBER -> isNumber(value);
      case TEXT, OTHER -> true;
    };
  }

  private static boolean isNumber(String value) {
    try {
      return Double.isFinite(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Sorts of fields. */
  public enum Kind {
    /** An enum. */
    LABEL(true),
    /** A boolean. */
    FLAG(true),
    /** A number. */
    NUMBER(false),
    /** Text, a quote or a date. */
    TEXT(false),
    /** A list or a record, shown as it is. */
    OTHER(false);

    private final boolean closed;

    Kind(boolean closed) {
      this.closed = closed;
    }

    /** Whether its values are few and known. */
    public boolean closed() {
      return closed;
    }
  }

  /**
   * A value that a closed field can take.
   *
   * @param name the value
   * @param doc what the schema says about it; empty where it says nothing
   */
  public record Label(String name, String doc) {}
}
