package io.kaiseki.pipelines.eval.labels;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the cells of one field into labels. The same mistake in many rows is one problem that names
 * the first of them.
 */
final class LabelCheck {

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
    List<String> symbols = Symbols.of(field.type());
    Optional<Label> label =
        Symbols.find(given.isEmpty() ? Symbols.NULL : given, symbols).map(Label.Closed::new);
    if (label.isEmpty()) {
      mistake(row, given, Symbols.expected(given, symbols));
    }
    return label;
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

  private static String shown(String value) {
    String line = value.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= VALUE_SHOWN ? line : line.substring(0, VALUE_SHOWN) + "...";
  }
}
