package io.kaiseki.inference.sql;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.factories.FactoryUtil;
import org.jspecify.annotations.Nullable;

/** Reads options one by one and collects what is wrong with them, each with key and value. */
final class OptionReader {

  /** What Flink itself puts beside or asks of the options of a model. */
  private static final Set<String> FLINKS_OWN =
      Set.of(FactoryUtil.PROVIDER.key(), FactoryUtil.PROPERTY_VERSION.key(), "task");

  private final Configuration options;
  private final List<String> problems;

  OptionReader(Map<String, String> options, List<String> problems) {
    this.options = Configuration.fromMap(options);
    this.problems = problems;
    Set<String> known =
        Stream.concat(FLINKS_OWN.stream(), SqlModelOptions.all().stream().map(ConfigOption::key))
            .collect(Collectors.toCollection(TreeSet::new));
    options.forEach(
        (key, value) -> {
          if (!known.contains(key) && ColumnOption.of(key).isEmpty()) {
            problems.add(
                "'%s' is no option; options are %s, and %s"
                    .formatted(
                        key,
                        String.join(", ", known),
                        Stream.of(ColumnOption.values())
                            .map(option -> option.key("<column>"))
                            .collect(Collectors.joining(", "))));
          }
        });
  }

  /** The value, or the default where it can't be read; null where there is neither. */
  <T> @Nullable T get(ConfigOption<T> option) {
    try {
      return options.get(option);
    } catch (RuntimeException e) {
      problems.add(
          "'%s' is '%s', but must be %s: %s"
              .formatted(
                  option.key(),
                  options.toMap().get(option.key()),
                  form(option),
                  option.description() == null ? "" : text(option)));
      return option.defaultValue();
    }
  }

  boolean has(ConfigOption<?> option) {
    return options.contains(option);
  }

  /**
   * Notes the options that are given although nothing comes of them.
   *
   * @param because goes on from "has no effect", and says what to do
   */
  void noEffect(String because, ConfigOption<?>... idle) {
    for (ConfigOption<?> option : idle) {
      if (has(option)) {
        problems.add("'%s' has no effect %s".formatted(option.key(), because));
      }
    }
  }

  /**
   * Notes the options that are given although the value of another one leaves them without effect.
   * A value that can't be read leaves open what was meant, and is noted where it is read.
   *
   * @param values of the other one under which they count
   */
  <T> void countUnder(ConfigOption<T> other, List<T> values, ConfigOption<?>... dependents) {
    T value;
    try {
      value = options.get(other);
    } catch (RuntimeException e) {
      return;
    }
    if (!values.contains(value)) {
      noEffect(
          "while '%s' is '%s'; remove it, or set that to %s"
              .formatted(
                  other.key(),
                  value,
                  values.stream().map(Object::toString).collect(Collectors.joining(" or "))),
          dependents);
    }
  }

  int within(ConfigOption<Integer> option, int least, int greatest) {
    Integer value = get(option);
    if (value == null || value < least || value > greatest) {
      problems.add(
          "'%s' must be from %d to %d, but is %s".formatted(option.key(), least, greatest, value));
      return Math.max(least, Math.min(option.defaultValue(), greatest));
    }
    return value;
  }

  private static String form(ConfigOption<?> option) {
    Object byDefault = option.defaultValue();
    if (byDefault instanceof Enum<?> constant) {
      return "one of "
          + Stream.of(constant.getDeclaringClass().getEnumConstants())
              .map(value -> value.toString().toLowerCase(java.util.Locale.ROOT))
              .collect(Collectors.joining(", "));
    }
    return byDefault == null
        ? "some text"
        : "of the form " + String.valueOf(byDefault).toLowerCase(java.util.Locale.ROOT);
  }

  private static String text(ConfigOption<?> option) {
    return new org.apache.flink.configuration.description.HtmlFormatter()
        .format(option.description());
  }
}
