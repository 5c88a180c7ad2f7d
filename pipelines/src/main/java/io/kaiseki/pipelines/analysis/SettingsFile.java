package io.kaiseki.pipelines.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.NearestName;
import io.kaiseki.pipelines.config.YamlMistake;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The scalars of an {@code analysis.yaml}, or of the {@code calibration.yaml} beside it, by their
 * dotted names, its routes as they stand there, and what is wrong with its form. A list, where a
 * key takes one, is its JSON.
 */
final class SettingsFile {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Else YAML 1.1 makes the word off, a reasoning policy, the boolean false.
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .build();

  private final String name;
  private final Map<String, AnalysisKey<?>> known;
  private final Set<String> notes;
  private final Map<AnalysisKey<?>, String> scalars = new HashMap<>();
  private final Set<AnalysisKey<?>> refused = new HashSet<>();
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  private boolean readable = true;
  private @Nullable JsonNode routes;

  private SettingsFile(String name, Collection<AnalysisKey<?>> keys, Set<String> notes) {
    this.name = name;
    this.known = keys.stream().collect(Collectors.toUnmodifiableMap(AnalysisKey::name, k -> k));
    this.notes = notes;
  }

  /** Reads an {@code analysis.yaml}. */
  static SettingsFile parse(byte[] yaml) {
    return new SettingsFile(AnalysisFolder.SETTINGS, AnalysisKeys.all(), Set.of()).read(yaml);
  }

  /** Reads a {@code calibration.yaml}; what was measured is in it for people only. */
  static SettingsFile parseCalibration(byte[] yaml) {
    return new SettingsFile(
            AnalysisFolder.CALIBRATION, AnalysisKeys.reasoning(), Set.of(Calibration.MEASURED))
        .read(yaml);
  }

  private SettingsFile read(byte[] yaml) {
    try {
      JsonNode root = YAML.readTree(yaml);
      if (root.isObject()) {
        collect("", root);
      } else if (!root.isMissingNode() && !root.isNull()) {
        unreadable("expected settings, found " + kind(root));
      }
    } catch (JsonProcessingException e) {
      unreadable(YamlMistake.describe(e));
    } catch (IOException e) {
      unreadable("can't be read: " + e.getMessage());
    }
    return this;
  }

  /** The scalar of a key as text; empty where it is absent, null or blank. */
  Optional<String> get(AnalysisKey<?> key) {
    return Optional.ofNullable(scalars.get(key));
  }

  /** Whether this file is the place for a key. */
  boolean knows(AnalysisKey<?> key) {
    return known.containsValue(key);
  }

  /** A key as a problem names it. In the main file that is its own name. */
  String origin(AnalysisKey<?> key) {
    return origin(key.name());
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
              AnalysisKey<?> key = known.get(name);
              if (notes.contains(name)) {
                return;
              }
              if (name.equals(RoutesSection.NAME) && this.name.equals(AnalysisFolder.SETTINGS)) {
                routes = value;
              } else if (key != null) {
                collectScalar(key, value);
              } else if (known.keySet().stream().anyMatch(k -> k.startsWith(name + "."))) {
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
    problems.add(new ConfigurationProblem(name, "", why));
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(origin(key), value, remedy));
  }

  private String origin(String key) {
    return name.equals(AnalysisFolder.SETTINGS) ? key : name + " " + key;
  }

  private String suggestion(String name) {
    String section = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    return NearestName.hint(name, known.keySet(), "known here: " + keys(section));
  }

  /** The keys within a section, or all of them for the top level. */
  private String keys(String section) {
    return AnalysisKeys.all().stream()
        .map(AnalysisKey::name)
        .filter(known::containsKey)
        .filter(key -> section.isEmpty() || key.startsWith(section + "."))
        .collect(Collectors.joining(", "));
  }

  private static String kind(JsonNode node) {
    return node.isArray() ? "a list" : node.isObject() ? "a section" : "a single value";
  }
}
