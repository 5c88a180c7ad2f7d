package io.kaiseki.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Schemas as other languages should see them. Classes generated for Java add hints such as {@code
 * avro.java.string} to their schemas; registered, they would make a schema differ from the same one
 * written by hand, and mean nothing to anybody else.
 */
public final class PortableSchema {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> JAVA_HINTS =
      Set.of("avro.java.string", "java-class", "java-key-class", "java-element-class");

  private PortableSchema() {}

  /** The schema without Java's hints; its encoding is the same. */
  public static Schema of(Schema schema) {
    try {
      JsonNode tree = JSON.readTree(schema.toString());
      removeHints(tree);
      return new Schema.Parser().parse(JSON.writeValueAsString(tree));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro printed a schema that is no JSON", e);
    }
  }

  private static void removeHints(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(JAVA_HINTS);
    }
    node.forEach(PortableSchema::removeHints);
  }
}
