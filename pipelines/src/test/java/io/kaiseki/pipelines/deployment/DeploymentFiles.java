package io.kaiseki.pipelines.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the files in {@code docker/}. */
final class DeploymentFiles {

  static final Path DOCKER = Path.of("..", "docker").toAbsolutePath().normalize();

  private static final ObjectReader YAML = new YAMLMapper().readerFor(JsonNode.class);

  private DeploymentFiles() {}

  /** The one document of a file. */
  static JsonNode read(String file) throws IOException {
    return YAML.readTree(Files.readString(DOCKER.resolve(file)));
  }

  /** All documents of a text. */
  static List<JsonNode> all(String text) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    YAML.<JsonNode>readValues(text).forEachRemaining(documents::add);
    return documents;
  }

  /** The {@code -Dkey=value} among the words of a service's command. */
  static Map<String, String> options(JsonNode command) {
    Map<String, String> options = new LinkedHashMap<>();
    command.forEach(
        word -> {
          if (word.asText().startsWith("-D")) {
            String[] pair = word.asText().substring(2).split("=", 2);
            options.put(pair[0], pair[1]);
          }
        });
    return options;
  }
}
