package io.kaiseki.schemas.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kaiseki.schemas.avro.Unions;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Values as feedback holds them: a label, text, number or boolean as text, a list or record as
 * JSON, null as null. Numbers are written out, without an exponent.
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

  /** Most digits after the point, or zeros before it, with which a number is written out. */
  private static final int MOST_DIGITS = 400;

  /** Equal are numbers of one value, however many digits they are written with. */
  private static final Comparator<JsonNode> BY_VALUE =
      (one, other) -> one.equals(other) || isSameNumber(one, other) ? 0 : 1;

  private FeedbackValue() {}

  /** The text of a value; null for null, and for one that is not there. */
  public static @Nullable String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (value.isContainerNode()) {
      return value.toString();
    }
    return isWritable(value) ? value.decimalValue().toPlainString() : value.asText();
  }

  /**
   * Whether a text stands for a value. Numbers are held against each other by what they are: those
   * of float and double were once written in other ways.
   */
  public static boolean isText(@Nullable String text, JsonNode value) {
    String written = text(value);
    if (text == null || written == null || text.equals(written)) {
      return Objects.equals(text, written);
    }
    try {
      if (value.isContainerNode()) {
        return value.equals(BY_VALUE, tree(text));
      }
      return value.isNumber() && isSameNumber(value, number(text));
    } catch (IllegalArgumentException e) {
      return false;
    }
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

  private static boolean isSameNumber(JsonNode one, JsonNode other) {
    if (!isWritable(one) || !isWritable(other)) {
      return false;
    }
    BigDecimal first = one.decimalValue();
    BigDecimal second = other.decimalValue();
    return first.compareTo(second) == 0
        || widened(first).compareTo(second) == 0
        || first.compareTo(widened(second)) == 0;
  }

  /** As a float once read that became a double: 0.10000000149011612 for 0.1. */
  private static BigDecimal widened(BigDecimal number) {
    float narrow = number.floatValue();
    boolean isFloat =
        Float.isFinite(narrow) && new BigDecimal(Float.toString(narrow)).compareTo(number) == 0;
    return isFloat ? BigDecimal.valueOf(narrow) : number;
  }

  /** Whether a number can be written out: it is one, and has no exponent beyond all measure. */
  private static boolean isWritable(JsonNode value) {
    return value.isNumber()
        && Double.isFinite(value.doubleValue())
        && Math.abs((long) value.decimalValue().scale()) <= MOST_DIGITS;
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
