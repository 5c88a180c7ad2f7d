package io.kaiseki.pipelines.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings by their dotted keys, from a file, the environment and options; the later ones win.
 *
 * <p>A file is YAML, where {@code kafka: {bootstrap.servers: …}} and {@code
 * kafka.bootstrap.servers: …} mean the same, or Java properties if its name ends in {@code
 * .properties}. A variable of the environment starts with {@code KAISEKI_} and has underscores in
 * place of dots and hyphens: {@code KAISEKI_JOB_CHECKPOINT_INTERVAL}. A value may hold {@code
 * ${env:NAME}} and {@code ${file:PATH}}, which are followed when it is read.
 */
public final class SettingSources {

  static final String ENVIRONMENT_PREFIX = "KAISEKI_";
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Else a second document is passed over without a word.
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Else YAML 1.1 makes the word off, which some settings take, the boolean false.
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .build();

  private final Map<String, Setting> settings = new TreeMap<>();
  private final List<ConfigurationProblem> problems = new ArrayList<>();
  private final Map<String, String> environment;

  /**
   * @param environment variables by name, usually {@link System#getenv()}
   */
  public SettingSources(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Adds the settings of a file; what is wrong with it becomes a problem. */
  public SettingSources file(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      if (file.toString().endsWith(".properties")) {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        properties.stringPropertyNames().forEach(key -> put(key, properties.getProperty(key), key));
      } else {
        yaml(text, file.toString());
      }
    } catch (IOException | IllegalArgumentException e) {
      problem("--config", file.toString(), "can't be read: " + e);
    }
    return this;
  }

  /**
   * Adds settings that stand in a YAML text; what is wrong with it becomes a problem.
   *
   * @param name what to call the text
   */
  public SettingSources yaml(String text, String name) {
    try {
      flatten("", YAML.readTree(text));
    } catch (JsonProcessingException e) {
      problem("--config", name, YamlMistake.describe(e));
    }
    return this;
  }

  /**
   * Adds the variables of the environment. A key that contains hyphens is found by what it is
   * called here, other keys by turning underscores into dots.
   *
   * @param knownKeys keys that a variable may name
   */
  public SettingSources environment(List<String> knownKeys) {
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT_PREFIX)) {
            knownKeys.stream()
                .filter(key -> variable(key).equals(name))
                .findFirst()
                .or(() -> clientKey(name))
                .ifPresent(key -> put(key, value, name));
          }
        });
    return this;
  }

  /** Adds an option of the command line; null, where it was not given, changes nothing. */
  public SettingSources option(String key, @Nullable String value, String option) {
    if (value != null) {
      put(key, value, option);
    }
    return this;
  }

  /** All settings, by key. */
  public Map<String, Setting> settings() {
    return settings;
  }

  /** What was wrong with the sources themselves; references are not followed yet. */
  public List<ConfigurationProblem> problems() {
    return problems;
  }

  private void flatten(String prefix, JsonNode node) {
    node.properties()
        .forEach(
            entry -> {
              String key = prefix + entry.getKey();
              JsonNode value = entry.getValue();
              if (value.isObject()) {
                flatten(key + ".", value);
              } else if (value.isArray()) {
                put(key, list(value), key);
              } else if (!value.isNull()) {
                put(key, value.asText(), key);
              }
            });
    if (prefix.isEmpty() && !node.isObject() && !node.isMissingNode() && !node.isNull()) {
      problem("--config", "", "expected settings, found a single value or a list");
    }
  }

  /** Words with commas between, as an option has them; a list that holds more is its JSON. */
  private static String list(JsonNode value) {
    List<String> words = new ArrayList<>();
    for (JsonNode element : value) {
      if (element.isContainerNode()) {
        return value.toString();
      }
      words.add(element.asText());
    }
    return String.join(",", words);
  }

  private void put(String key, String value, String origin) {
    settings.put(key, new Setting(key, value, origin, environment));
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(key, value, remedy));
  }

  private static String variable(String key) {
    return ENVIRONMENT_PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Settings of the Kafka and registry clients are theirs to name, and they use dots only. */
  private static Optional<String> clientKey(String variable) {
    String key =
        variable.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    return key.startsWith("kafka.") || key.startsWith("registry.")
        ? Optional.of(key)
        : Optional.empty();
  }
}
