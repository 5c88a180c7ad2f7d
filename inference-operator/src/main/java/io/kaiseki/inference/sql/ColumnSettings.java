package io.kaiseki.inference.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@link ColumnOption}s of one model by the path of their column, and which were asked for. */
final class ColumnSettings {

  private final Map<String, Map<ColumnOption, Object>> byPath = new LinkedHashMap<>();
  private final Set<String> required;
  private final Set<String> paths = new LinkedHashSet<>();

  private ColumnSettings(String required) {
    this.required =
        new LinkedHashSet<>(
            Arrays.stream(required.split(","))
                .map(String::strip)
                .filter(path -> !path.isEmpty())
                .toList());
  }

  static ColumnSettings read(Map<String, String> options, String required, List<String> problems) {
    ColumnSettings settings = new ColumnSettings(required);
    options.forEach(
        (key, value) ->
            ColumnOption.of(key)
                .ifPresent(
                    option -> {
                      String path = key.substring(option.prefix().length());
                      try {
                        settings
                            .byPath
                            .computeIfAbsent(path, any -> new EnumMap<>(ColumnOption.class))
                            .put(option, option.parse(value));
                      } catch (IllegalArgumentException e) {
                        problems.add(
                            "'%s' must be %s, but is '%s'".formatted(key, e.getMessage(), value));
                      }
                    }));
    return settings;
  }

  /** Whether nothing was set. */
  boolean isEmpty() {
    return byPath.isEmpty() && required.isEmpty();
  }

  /** The keys of all options that were set, in any order. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    byPath.forEach((path, set) -> set.keySet().forEach(option -> keys.add(option.key(path))));
    return keys;
  }

  /** Notes that a column or a field of one has this path. */
  void exists(String path) {
    paths.add(path);
  }

  boolean required(String path) {
    return required.contains("*") || required.contains(path);
  }

  Optional<Object> get(ColumnOption option, String path) {
    return Optional.ofNullable(byPath.getOrDefault(path, Map.of()).get(option));
  }

  /** What was set for columns that do not exist. */
  List<String> unknown() {
    List<String> problems = new ArrayList<>();
    byPath.forEach(
        (path, set) -> {
          if (!paths.contains(path)) {
            set.keySet().forEach(option -> problems.add(noColumn(option.key(path), path)));
          }
        });
    for (String path : required) {
      if (!path.equals("*") && !paths.contains(path)) {
        problems.add(noColumn(SqlModelOptions.REQUIRED.key(), path));
      }
    }
    return problems;
  }

  private String noColumn(String key, String path) {
    return "'%s' speaks of column %s, which the answer does not have; it has %s"
        .formatted(key, path, String.join(", ", paths));
  }
}
