package io.kaiseki.pipelines.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import org.apache.avro.Schema;

/** The hash that identifies a question; see {@link AnalysisDefinition#version()}. */
final class AnalysisVersion {

  /** Bumped when the same files come to mean another prompt or another constraint. */
  private static final String FORMAT = "kaiseki-analysis-2";

  private static final JsonMapper JSON = new JsonMapper();

  private AnalysisVersion() {}

  static String of(String instructions, Contract contract, ReasoningPolicy reasoning) {
    MessageDigest digest = sha256();
    for (String part :
        new String[] {
          FORMAT,
          instructions,
          canonical(contract.schema()),
          contract.layout().name(),
          reasoning.describe()
        }) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      // The length in front keeps text from moving across the border of two parts unnoticed.
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The schema with the attributes of each object sorted. Not Avro's Parsing Canonical Form: that
   * one drops docs and bounds, which is what the prompt and the constraint are made from.
   */
  private static String canonical(Schema schema) {
    try {
      return sorted(JSON.readTree(schema.toString())).toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro wrote a schema that is not JSON", e);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
      return new ObjectNode(JsonNodeFactory.instance, fields);
    }
    if (node.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode(node.size());
      node.forEach(element -> array.add(sorted(element)));
      return array;
    }
    return node;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
