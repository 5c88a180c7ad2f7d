package io.kaiseki.inference.contract;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * The type of a value in an answer: an Avro schema reduced to what a decoding constraint can
 * express. Every type is bounded, so every answer is.
 */
public sealed interface AnswerType {

  /** Whether the field is closed: its values are a finite set that has probabilities. */
  default boolean closed() {
    return this instanceof Enumeration
        || this instanceof Truth
        || (this instanceof Nullable nullable && nullable.type().closed());
  }

  /** A JSON object with all its fields, in schema order. */
  record Composite(List<Field> fields) implements AnswerType {}

  /**
   * A field of a record.
   *
   * @param name the field's name and JSON key
   * @param doc what the field means; empty where the schema does not say
   * @param type the field's type
   */
  record Field(String name, String doc, AnswerType type) {}

  /**
   * One symbol of a fixed set.
   *
   * @param symbols the symbols in schema order
   * @param docs meanings of symbols, where the schema gives them in {@code symbolDocs}
   */
  record Enumeration(List<String> symbols, Map<String, String> docs) implements AnswerType {}

  /** {@code true} or {@code false}. */
  record Truth() implements AnswerType {}

  /**
   * Free text without control characters, quotation marks and backslashes.
   *
   * @param minLength least length in code points
   * @param maxLength greatest length in code points
   */
  record Text(int minLength, int maxLength) implements AnswerType {}

  /**
   * Words that stand in the document exactly so.
   *
   * @param minLength least length in code points, as far as the document that is read has so many
   * @param maxLength greatest length in code points
   */
  record Quote(int minLength, int maxLength) implements AnswerType {}

  /**
   * A number in plain notation.
   *
   * @param minimum least value
   * @param maximum greatest value
   * @param fractionDigits most digits after the point; 0 for whole numbers
   */
  record Number(BigDecimal minimum, BigDecimal maximum, int fractionDigits) implements AnswerType {}

  /** A day, {@code YYYY-MM-DD}. */
  record Date() implements AnswerType {}

  /** A moment in UTC, {@code YYYY-MM-DDTHH:MM:SSZ}. */
  record Timestamp() implements AnswerType {}

  /** A list of {@code minItems} to {@code maxItems} values. */
  record Items(AnswerType type, int minItems, int maxItems) implements AnswerType {}

  /**
   * A value or {@code null}.
   *
   * @param minConfidence probability under which the best label of a closed type gives way to
   *     {@code null}; 0 keeps every label
   */
  record Nullable(AnswerType type, double minConfidence) implements AnswerType {

    /** One that keeps every label. */
    public Nullable(AnswerType type) {
      this(type, 0);
    }
  }
}
