package io.kaiseki.pipelines.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.NearestName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The scalars of an {@code analysis.yaml} by their dotted names, its routes as they stand there,
 * and what is wrong with its form. A list, where a key takes one, is its JSON.
 */
final class SettingsFile {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Else YAML 1.1 makes the word off, a reasoning policy, the boolean false.
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .build();

  private static final Map<String, AnalysisKey<?>> KEYS =
      AnalysisKeys.all().stream().collect(Collectors.toUnmodifiableMap(AnalysisKey::name, k -> k));

  private final Map<AnalysisKey<?>, String> scalars = new HashMap<>();
  private final Set<AnalysisKey<?>> refused = new HashSet<>();
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  private boolean readable = true;
  private @Nullable JsonNode routes;

  private SettingsFile() {}

  static SettingsFile parse(byte[] yaml) {
    SettingsFile file = new SettingsFile();
    try {
      JsonNode root = YAML.readTree(yaml);
      if (root.isObject()) {
        file.collect("", root);
      } else if (!root.isMissingNode() && !root.isNull()) {
        file.unreadable("expected settings, found " + kind(root));
      }
    } catch (JsonProcessingException e) {
      file.unreadable(syntaxError(e));
    } catch (IOException e) {
      file.unreadable("can't be read: " + e.getMessage());
    }
    return file;
  }

  /** The scalar of a key as text; empty where it is absent, null or blank. */
  Optional<String> get(AnalysisKey<?> key) {
    return Optional.ofNullable(scalars.get(key));
  }

  /** Whether the key has a value that could not be taken, which is a problem already. */
  boolean refused(AnalysisKey<?> key) {
    return !readable || refused.contains(key);
  }

  /** What stands under {@code routes}; empty where nothing does. */
  Optional<JsonNode> routes() {
    return Optional.ofNullable(routes).filter(node -> !node.isNull());
  }

  /** Unknown keys, sections in place of values, values in place of sections, broken syntax. */
  List<ConfigurationProblem> problems() {
    return problems;
  }

  private void collect(String prefix, JsonNode section) {
    section
        .properties()
        .forEach(
            entry -> {
              String name = prefix + entry.getKey();
              JsonNode value = entry.getValue();
              AnalysisKey<?> key = KEYS.get(name);
              if (name.equals(RoutesSection.NAME)) {
                routes = value;
              } else if (key != null) {
                collectScalar(key, value);
              } else if (KEYS.keySet().stream().anyMatch(k -> k.startsWith(name + "."))) {
                collectSection(name, value);
              } else {
                problem(name, "", "unknown key; " + suggestion(name));
              }
            });
  }

  private void collectScalar(AnalysisKey<?> key, JsonNode value) {
    if (value.isArray() && AnalysisKeys.takesList(key)) {
      scalars.put(key, value.toString());
    } else if (value.isContainerNode()) {
      problem(key.name(), "", "expected " + key.form().expected() + ", found " + kind(value));
      refused.add(key);
    } else if (!value.asText().isBlank() && !value.isNull()) {
      scalars.put(key, value.asText());
    }
  }

  private void collectSection(String name, JsonNode value) {
    if (value.isObject()) {
      collect(name + ".", value);
    } else if (!value.isNull()) {
      problem(name, value.isArray() ? "" : value.asText(), "expected a section with " + keys(name));
    }
  }

  private void unreadable(String why) {
    readable = false;
    problem(AnalysisFolder.SETTINGS, "", why);
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(key, value, remedy));
  }

  private static String suggestion(String name) {
    return NearestName.of(name, KEYS.keySet())
        .map(nearest -> "did you mean " + nearest + "?")
        .orElseGet(
            () -> "known here: " + keys(name.substring(0, Math.max(0, name.lastIndexOf('.')))));
  }

  /** The keys within a section, or all of them for the top level. */
  private static String keys(String section) {
    return AnalysisKeys.all().stream()
        .map(AnalysisKey::name)
        .filter(key -> section.isEmpty() || key.startsWith(section + "."))
        .collect(Collectors.joining(", "));
  }

  private static String kind(JsonNode node) {
    return node.isArray() ? "a list" : node.isObject() ? "a section" : "a single value";
  }

  private static String syntaxError(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " at line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr();
    // The parser shows the place by quoting the file in indented lines.
    String what =
        e.getOriginalMessage()
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" "))
            .collect(Collectors.joining("; "));
    return "not valid YAML" + where + ": " + what;
  }
}
