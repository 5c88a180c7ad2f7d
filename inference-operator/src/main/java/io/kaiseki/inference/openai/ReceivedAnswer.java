package io.kaiseki.inference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The content of a reply, held against the contract.
 *
 * @param record the answer; null exactly where there are violations
 * @param violations what breaks the contract, without any of the answer's words
 */
record ReceivedAnswer(@Nullable GenericRecord record, List<String> violations) {

  static ReceivedAnswer of(ChatReply reply, Contract contract, String document) {
    if (reply.finish().equals("length")) {
      return broken("the answer was cut off at the most tokens that the server was allowed");
    }
    JsonNode answer;
    try {
      answer = ChatReply.JSON.readTree(reply.content());
    } catch (JsonProcessingException e) {
      return broken("the answer is no JSON");
    }
    JsonNode flat = flat(answer, contract.type());
    List<String> violations = contract.violations(flat, document);
    if (!violations.isEmpty()) {
      return new ReceivedAnswer(null, violations);
    }
    try {
      return new ReceivedAnswer(
          contract.read(flat.toString().getBytes(StandardCharsets.UTF_8)), List.of());
    } catch (RuntimeException e) {
      return broken("the answer can't be read: " + e.getClass().getSimpleName());
    }
  }

  private static ReceivedAnswer broken(String violation) {
    return new ReceivedAnswer(null, List.of(violation));
  }

  /** White space in free text becomes spaces: contracts have lines of text, models write more. */
  private static JsonNode flat(JsonNode node, AnswerType type) {
    if (type instanceof AnswerType.Nullable nullable) {
      return flat(node, nullable.type());
    }
    if (type instanceof AnswerType.Text && node.isTextual()) {
      return TextNode.valueOf(node.textValue().replaceAll("\\s+", " "));
    }
    if (type instanceof AnswerType.Items items && node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, flat(array.get(i), items.type()));
      }
    }
    if (type instanceof AnswerType.Composite composite && node instanceof ObjectNode object) {
      for (AnswerType.Field field : composite.fields()) {
        JsonNode value = object.get(field.name());
        if (value != null) {
          object.set(field.name(), flat(value, field.type()));
        }
      }
    }
    return node;
  }
}
