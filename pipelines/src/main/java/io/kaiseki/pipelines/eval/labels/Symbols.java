package io.kaiseki.pipelines.eval.labels;

import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.pipelines.config.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The labels of closed types. */
final class Symbols {

  /** How an empty value is called among them. */
  static final String NULL = "null";

  private static final int NAMED = 12;

  private Symbols() {}

  /** The symbols of a closed type, {@value #NULL} included where it may be empty. */
  static List<String> of(AnswerType type) {
    List<String> symbols = new ArrayList<>();
    if (type instanceof AnswerType.Enumeration enumeration) {
      symbols.addAll(enumeration.symbols());
    } else if (type instanceof AnswerType.Truth) {
      symbols.addAll(List.of("true", "false"));
    } else if (type instanceof AnswerType.Nullable nullable) {
      symbols.addAll(of(nullable.type()));
      symbols.add(NULL);
    }
    return symbols;
  }

  /** The one that is given, be it as TRUE or False, as spreadsheets write them. */
  static Optional<String> find(String given, List<String> symbols) {
    return Optional.of(given)
        .filter(symbols::contains)
        .or(() -> Optional.of(given.toLowerCase(Locale.ROOT)).filter(symbols::contains));
  }

  /** What would be right where none is given. */
  static String expected(String given, List<String> symbols) {
    Optional<String> nearest = NearestName.of(given, symbols).filter(name -> !given.isEmpty());
    if (nearest.isPresent()) {
      return "other labels; did you mean " + nearest.get() + "?";
    }
    String named = symbols.stream().limit(NAMED).collect(Collectors.joining(", "));
    return symbols.size() <= NAMED
        ? "one of " + named
        : "one of " + symbols.size() + " labels: " + named + ", ...";
  }
}
