package io.kaiseki.schemas.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kaiseki.schemas.avro.Unions;
import java.math.BigDecimal;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Values as feedback holds them: a label, text, number or boolean as text, a list or record as
 * JSON, null as null.
 */
public final class FeedbackValue {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Amounts of money keep their digits. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private FeedbackValue() {}

  /** The text of a value; null for null, and for one that is not there. */
  public static @Nullable String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    return value.isContainerNode() ? value.toString() : value.asText();
  }

  /**
   * The value of a text.
   *
   * @param schema its type
   * @throws IllegalArgumentException if the text is no value of that type
   */
  public static JsonNode json(@Nullable String text, Schema schema) {
    if (text == null) {
      return NODES.nullNode();
    }
    Schema type = Unions.withoutNull(schema);
    return switch (type.getType()) {
      case BOOLEAN -> NODES.booleanNode(flag(text));
      case INT, LONG, FLOAT, DOUBLE, BYTES, FIXED ->
          isTime(type) ? NODES.textNode(text) : number(text);
      case RECORD, ARRAY, MAP -> tree(text);
      default -> NODES.textNode(text);
    };
  }

  /**
   * Reads a list or record.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static JsonNode tree(String text) {
    try {
      JsonNode tree = JSON.readTree(text);
      if (tree.isContainerNode()) {
        return tree;
      }
    } catch (JsonProcessingException e) {
      // Reported below, like a plain value; Jackson's message quotes the text.
    }
    throw new IllegalArgumentException("no list or record as JSON");
  }

  private static boolean flag(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("neither true nor false");
    }
    return text.equals("true");
  }

  private static JsonNode number(String text) {
    try {
      return NODES.numberNode(new BigDecimal(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("no number", e);
    }
  }

  private static boolean isTime(Schema type) {
    return type.getLogicalType() != null
        && (type.getType() == Schema.Type.INT || type.getType() == Schema.Type.LONG);
  }
}
