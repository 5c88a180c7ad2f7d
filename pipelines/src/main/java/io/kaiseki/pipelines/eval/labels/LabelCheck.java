package io.kaiseki.pipelines.eval.labels;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns the cells of one field into labels. The same mistake in many rows is one problem that names
 * the first of them.
 */
final class LabelCheck {

  private static final String NULL = "null";
  private static final int SYMBOLS_NAMED = 12;
  private static final int VALUE_SHOWN = 60;

  private final LabelledField field;
  private final Optional<String> outOfScope;
  private final Optional<String> unlabelled;
  private final RowNames names;
  private final Map<Mistake, List<Table.Row>> mistakes = new LinkedHashMap<>();

  /** A wrong value and what would be right. */
  private record Mistake(String value, String expected) {}

  LabelCheck(
      LabelledField field,
      Optional<String> outOfScope,
      Optional<String> unlabelled,
      RowNames names) {
    this.field = field;
    this.names = names;
    this.outOfScope = outOfScope;
    this.unlabelled = unlabelled;
  }

  /** The symbols of a closed type, {@code null} included where it may be empty. */
  static List<String> symbols(AnswerType type) {
    List<String> symbols = new ArrayList<>();
    if (type instanceof AnswerType.Enumeration enumeration) {
      symbols.addAll(enumeration.symbols());
    } else if (type instanceof AnswerType.Truth) {
      symbols.addAll(List.of("true", "false"));
    } else if (type instanceof AnswerType.Nullable nullable) {
      symbols.addAll(symbols(nullable.type()));
      symbols.add(NULL);
    }
    return symbols;
  }

  /**
   * The label of a row; empty where it has none, and, with a mistake noted, where that is wrong.
   */
  Optional<Label> read(Table.Row row) {
    if (!row.cells().containsKey(field.column())
        || unlabelled.filter(row.text(field.column()).strip()::equals).isPresent()) {
      return Optional.empty();
    }
    return field.closed() ? closed(row) : open(row);
  }

  /** Notes all mistakes as problems. */
  void report(Collection<ConfigurationProblem> problems) {
    mistakes.forEach(
        (mistake, rows) ->
            problems.add(
                new ConfigurationProblem(
                    "column " + field.column(),
                    shown(mistake.value()),
                    names.places(rows)
                        + (mistake.value().isEmpty() ? ", there is no label" : "")
                        + "; the field "
                        + field.name()
                        + " takes "
                        + mistake.expected())));
  }

  private Optional<Label> closed(Table.Row row) {
    String given = row.text(field.column()).strip();
    if (outOfScope.filter(given::equals).isPresent()) {
      return Optional.of(new Label.OutOfScope(given));
    }
    List<String> symbols = symbols(field.type());
    String label = given.isEmpty() && symbols.contains(NULL) ? NULL : given;
    if (!symbols.contains(label) && symbols.contains(label.toLowerCase(Locale.ROOT))) {
      // TRUE and False, as spreadsheets write them.
      label = label.toLowerCase(Locale.ROOT);
    }
    if (symbols.contains(label)) {
      return Optional.of(new Label.Closed(label));
    }
    mistake(row, given, expected(given, symbols));
    return Optional.empty();
  }

  private Optional<Label> open(Table.Row row) {
    JsonNode cell = row.cell(field.column());
    try {
      return Optional.of(new Label.Open(OpenValue.label(cell, field.type())));
    } catch (IllegalArgumentException e) {
      String given = row.text(field.column());
      mistake(row, given.isBlank() ? "" : given, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void mistake(Table.Row row, String value, String expected) {
    mistakes.computeIfAbsent(new Mistake(value, expected), key -> new ArrayList<>()).add(row);
  }

  private static String expected(String given, List<String> symbols) {
    Optional<String> nearest = NearestName.of(given, symbols).filter(name -> !given.isEmpty());
    if (nearest.isPresent()) {
      return "other labels; did you mean " + nearest.get() + "?";
    }
    String named = symbols.stream().limit(SYMBOLS_NAMED).collect(Collectors.joining(", "));
    return symbols.size() <= SYMBOLS_NAMED
        ? "one of " + named
        : "one of " + symbols.size() + " labels: " + named + ", ...";
  }

  private static String shown(String value) {
    String line = value.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= VALUE_SHOWN ? line : line.substring(0, VALUE_SHOWN) + "...";
  }
}
