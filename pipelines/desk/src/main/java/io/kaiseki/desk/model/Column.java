package io.kaiseki.desk.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A field of an answer, or of a record within one, as the desk shows it.
 *
 * @param name its name in the schema; empty for the items of a list
 * @param kind how it is shown, filtered and corrected
 * @param nullable whether it may be null
 * @param labels the values that it can take, in the order of the schema; empty unless {@link
 *     Kind#closed()}
 * @param doc what the schema says about it
 * @param quote whether it holds words of the document itself
 * @param fields those of a record; empty unless it is one
 * @param items what a list holds; null unless it is one
 * @param scale digits after the point of a decimal; null unless it is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Column(
    String name,
    Kind kind,
    boolean nullable,
    List<Label> labels,
    String doc,
    boolean quote,
    List<Column> fields,
    @Nullable Column items,
    @Nullable Integer scale) {

  /**
   * Most digits of a number, before and after its point. What a double can hold has fewer; without
   * a limit a short text such as 1e99999 stands for a number that nothing can write out.
   */
  private static final int MOST_DIGITS = 400;

  public Column {
    labels = List.copyOf(labels);
    fields = List.copyOf(fields);
  }

  /** The field of a record by its name. */
  public Optional<Column> field(String field) {
    return fields.stream().filter(one -> one.name().equals(field)).findFirst();
  }

  /** Whether it takes this value, as text; lists and records are taken as JSON elsewhere. */
  public boolean accepts(String value) {
    return switch (kind) {
      case LABEL, FLAG -> labels.stream().anyMatch(label -> label.name().equals(value));
      case NUMBER -> isNumber(value);
      case DATE -> isTime(() -> LocalDate.parse(value));
      case MOMENT -> isTime(() -> Instant.parse(value));
      case TEXT, RECORD, LIST, OTHER -> true;
    };
  }

  /** What it takes, in words. */
  public String expected() {
    return switch (kind) {
      case LABEL, FLAG -> "one of " + String.join(", ", labels.stream().map(Label::name).toList());
      case NUMBER -> "a number of " + MOST_DIGITS + " digits at most";
      case DATE -> "a day, such as 2026-01-31";
      case MOMENT -> "a moment in UTC, such as 2026-01-31T08:00:00Z";
      case TEXT -> "text";
      case RECORD -> "a record as JSON";
      case LIST -> "a list as JSON";
      case OTHER -> "JSON";
    };
  }

  private static boolean isNumber(String value) {
    try {
      BigDecimal number = new BigDecimal(value);
      return number.precision() <= MOST_DIGITS
          && number.scale() <= MOST_DIGITS
          && number.scale() >= -MOST_DIGITS;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isTime(Runnable parsing) {
    try {
      parsing.run();
      return true;
    } catch (DateTimeException e) {
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
    /** Text or a quote. */
    TEXT(false),
    /** A day. */
    DATE(false),
    /** A day and a time. */
    MOMENT(false),
    /** Several fields of their own. */
    RECORD(false),
    /** Any number of one thing. */
    LIST(false),
    /** Anything else, shown as it is. */
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
