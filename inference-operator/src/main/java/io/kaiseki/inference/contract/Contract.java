package io.kaiseki.inference.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.FieldConfidence;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * An Avro record schema, checked and compiled: the contract of an answer.
 *
 * <p>It supports records (nested), enums, booleans, {@code int}, {@code long}, {@code float} and
 * {@code double} with {@code minimum} and {@code maximum}, strings with {@code minLength} (default
 * 1) and {@code maxLength} (default 256 code points), the same with {@code "quote": true}, arrays
 * with {@code minItems} (default 0) and {@code maxItems} (default 16), unions of null and one type,
 * and the logical types {@code date}, {@code timestamp-millis} and {@code decimal} with a precision
 * of at most {@value SchemaCompiler#MAX_PRECISION}. Floats and doubles are written with at most 15
 * digits before and 6 after the point. An answer has at most {@value ExpandedSize#MAX_PARTS} fields
 * and labels, and comes with at most {@value Grammar#MAX_PROBABILITIES} probabilities of labels.
 *
 * <p>An enum or boolean that may be null may carry {@code minConfidence}, over 0 and at most 1:
 * where the probability of the best label, null being one of them, is less, the field becomes null.
 * What the model was inclined to say stays in the field's {@linkplain FieldConfidence confidence}.
 *
 * <p>Immutable; travels in a job graph as what it was made of.
 */
public final class Contract implements Serializable {

  @Serial private static final long serialVersionUID = 1L;

  private final transient Schema schema;
  private final transient String json;
  private final transient AnswerLayout layout;
  private final transient boolean confident;
  private final transient int size;
  private final transient AnswerType.Composite type;
  private final transient Grammar grammar;

  private Contract(Schema schema, AnswerLayout layout, boolean confident) {
    this.schema = schema;
    this.layout = layout;
    this.confident = confident;
    json = schema.toString();
    ExpandedSize expanded = new ExpandedSize();
    type = SchemaCompiler.compile(schema, expanded);
    size = expanded.parts();
    grammar = GrammarCompiler.compile(type, layout);
    List<String> problems = grammar.problems();
    if (!problems.isEmpty()) {
      throw new UnsupportedSchemaException(problems);
    }
  }

  /**
   * Compiles a schema; answers are JSON objects.
   *
   * @throws UnsupportedSchemaException naming every field that can't be expressed
   */
  public static Contract of(Schema schema) {
    return of(schema, AnswerLayout.OBJECT);
  }

  /**
   * Compiles a schema.
   *
   * @throws UnsupportedSchemaException naming every field that can't be expressed
   */
  public static Contract of(Schema schema, AnswerLayout layout) {
    return new Contract(schema, layout, true);
  }

  /**
   * The same contract, decoded as under a grammar: labels are written by the likeliest token where
   * they part, whatever follows it, and answers have no confidences. It saves the {@linkplain
   * AnswerDecoder probes}, and may choose another label than the likeliest one.
   *
   * @throws IllegalStateException if a field has {@code minConfidence}
   */
  public Contract withoutConfidences() {
    if (grammar.states().stream()
        .anyMatch(state -> state instanceof State.Choice choice && choice.minConfidence() > 0)) {
      throw new IllegalStateException("a field with minConfidence needs its confidence");
    }
    return new Contract(schema, layout, false);
  }

  /** Whether answers come with the confidences of their closed fields. */
  public boolean confident() {
    return confident;
  }

  /** The schema of the answer. */
  public Schema schema() {
    return schema;
  }

  /** How the model writes the answer. */
  public AnswerLayout layout() {
    return layout;
  }

  /** The fields of the answer, as the prompt's field guide shows them. */
  public AnswerType.Composite type() {
    return type;
  }

  /**
   * How large the answer can be, with which the memory of the contract grows: its fields and labels
   * as {@link ExpandedSize} counts them, at most {@value ExpandedSize#MAX_PARTS}.
   */
  public int size() {
    return size;
  }

  Grammar grammar() {
    return grammar;
  }

  /**
   * Reads an answer.
   *
   * @param json the answer as JSON in UTF-8, as an {@link AnswerDecoder} writes it
   * @return the answer as a record of {@link #schema()}
   * @throws IllegalArgumentException if it breaks the contract's form
   */
  public GenericRecord read(byte[] json) {
    return AnswerReader.read(json, schema);
  }

  /**
   * What breaks the contract in an answer that was not decoded under it, such as that of a server.
   *
   * @param answer the answer as a JSON object
   * @param document the text that quotes must stand in
   * @return each problem with the path of its field, without any value; empty where the answer can
   *     be {@linkplain #read read}
   */
  public List<String> violations(JsonNode answer, String document) {
    return new AnswerCheck(document).check(answer, type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Contract contract
        && contract.json.equals(json)
        && contract.layout == layout
        && contract.confident == confident;
  }

  @Override
  public int hashCode() {
    return Objects.hash(json, layout, confident);
  }

  @Serial
  private Object writeReplace() {
    return new Serialized(json, layout, confident);
  }

  private record Serialized(String schema, AnswerLayout layout, boolean confident)
      implements Serializable {
    @Serial
    private Object readResolve() {
      return new Contract(new Schema.Parser().parse(schema), layout, confident);
    }
  }
}
