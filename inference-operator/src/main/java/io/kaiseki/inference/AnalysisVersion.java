package io.kaiseki.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.schemas.digest.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.avro.Schema;

/**
 * The hash that identifies a question: the SHA-256, in hex, of the instructions, the result schema
 * with its docs and bounds, the layout of the answer, the reasoning policy, and, where they are not
 * the defaults, what becomes of long documents, that there are no confidences, and what is masked.
 * Names and models are left out: the same question under two names or two models has the same
 * version.
 */
public final class AnalysisVersion {

  /** Bumped when the same files come to mean another prompt or another constraint. */
  private static final String FORMAT = "kaiseki-analysis-2";

  private static final JsonMapper JSON = new JsonMapper();

  private AnalysisVersion() {}

  /** The version of a question. */
  public static String of(
      String instructions,
      Contract contract,
      ReasoningPolicy reasoning,
      LongDocuments longDocuments,
      MaskingPolicy masking) {
    List<String> parts =
        new ArrayList<>(
            List.of(
                FORMAT,
                instructions,
                canonical(contract.schema()),
                contract.layout().name(),
                reasoning.describe()));
    // Only what is not the default, so that analyses without them keep their version.
    if (longDocuments != LongDocuments.REFUSE) {
      parts.add("long-documents " + longDocuments.name());
    }
    if (!contract.confident()) {
      parts.add("without confidences");
    }
    if (masking.active()) {
      parts.add(described(masking));
    }
    return Sha256.hexOfParts(parts);
  }

  private static String described(MaskingPolicy masking) {
    StringBuilder text = new StringBuilder("masking");
    for (MaskedValue value : masking.values()) {
      text.append('\n').append(value.kind());
      if (value instanceof MaskedValue.Custom custom) {
        text.append('=').append(custom.pattern());
      }
    }
    return text.append("\nphone-region ")
        .append(masking.phoneRegion())
        .append("\nunmask-quotes ")
        .append(masking.unmaskQuotes())
        .toString();
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
}
