package io.kaiseki.schemas.envelope;

import io.kaiseki.schemas.FieldConfidence;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.registry.PortableSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The record type of an analysis's results. The answer's schema nests in it whole, so a consumer
 * with nothing but the registry reads everything. An answer {@code com.acme.Triage} gives the
 * envelope {@code com.acme.TriageResult}:
 *
 * <pre>
 * documentId   string
 * answer       com.acme.Triage
 * confidences  array of io.kaiseki.schemas.FieldConfidence
 * reasoning    null or string
 * provenance   io.kaiseki.schemas.Provenance
 * </pre>
 *
 * <p>Immutable; it travels in the job graph.
 */
public final class ResultEnvelope implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final String NAME_SUFFIX = "Result";

  private final String schemaJson;
  private transient volatile @Nullable Schema schema;

  private ResultEnvelope(Schema schema) {
    this.schemaJson = schema.toString();
    this.schema = schema;
  }

  /**
   * Builds the envelope of an analysis.
   *
   * @param analysis name of the analysis, for the schema's documentation
   * @param answer schema of the answer
   * @throws IllegalArgumentException if the answer is no record, or names a type that the envelope
   *     needs for itself
   */
  public static ResultEnvelope of(String analysis, Schema answer) {
    if (answer.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "the answer of analysis %s must be an Avro record, but is of type %s"
              .formatted(analysis, answer.getType().getName()));
    }
    Schema confidence = PortableSchema.of(FieldConfidence.getClassSchema());
    Schema provenance = PortableSchema.of(Provenance.getClassSchema());
    String name = answer.getFullName() + NAME_SUFFIX;
    refuseClashes(analysis, answer, name, confidence, provenance);
    Schema envelope =
        Schema.createRecord(
            answer.getName() + NAME_SUFFIX,
            "Result of the analysis " + analysis + ".",
            answer.getNamespace(),
            false);
    envelope.setFields(
        List.of(
            new Field("documentId", Schema.create(Schema.Type.STRING), "Id of the document.", null),
            new Field("answer", PortableSchema.of(answer), "What the model answered.", null),
            new Field(
                "confidences",
                Schema.createArray(confidence),
                "One entry for each closed field of the answer, in the order of decision.",
                Collections.emptyList()),
            new Field(
                "reasoning",
                Schema.createUnion(
                    Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING)),
                "What the model thought before it answered; null where it did not think.",
                JsonProperties.NULL_VALUE),
            new Field("provenance", provenance, "What produced the answer.", null)));
    return new ResultEnvelope(envelope);
  }

  /** Schema of the envelope, as it is registered for the results topic. */
  public Schema schema() {
    Schema parsed = schema;
    if (parsed == null) {
      parsed = new Schema.Parser().parse(schemaJson);
      schema = parsed;
    }
    return parsed;
  }

  /**
   * Puts a result into its envelope.
   *
   * @throws IllegalArgumentException if the answer is of another type than this envelope's
   */
  public GenericRecord seal(Result result) {
    String expected = schema().getField("answer").schema().getFullName();
    String actual = result.answer().getSchema().getFullName();
    if (!expected.equals(actual)) {
      throw new IllegalArgumentException(
          "envelope %s holds answers of type %s, but was given a %s"
              .formatted(schema().getFullName(), expected, actual));
    }
    GenericRecord envelope = new GenericData.Record(schema());
    envelope.put("documentId", result.documentId());
    envelope.put("answer", result.answer());
    envelope.put("confidences", result.confidences());
    envelope.put("reasoning", result.reasoning());
    envelope.put("provenance", result.provenance());
    return envelope;
  }

  /**
   * Reads an envelope of any analysis.
   *
   * @throws IllegalArgumentException if the record is no envelope; the message names the field
   */
  public static Result open(GenericRecord envelope) {
    List<FieldConfidence> confidences = new ArrayList<>();
    if (field(envelope, "confidences") instanceof Iterable<?> entries) {
      for (Object entry : entries) {
        confidences.add(GeneratedCopy.of(entry, FieldConfidence.class));
      }
    }
    if (!(field(envelope, "answer") instanceof GenericRecord answer)) {
      throw notAnEnvelope(envelope, "answer");
    }
    Object reasoning = field(envelope, "reasoning");
    return new Result(
        Objects.toString(field(envelope, "documentId")),
        answer,
        confidences,
        reasoning == null ? null : reasoning.toString(),
        GeneratedCopy.of(field(envelope, "provenance"), Provenance.class));
  }

  private static @Nullable Object field(GenericRecord envelope, String name) {
    if (!envelope.hasField(name)) {
      throw notAnEnvelope(envelope, name);
    }
    return envelope.get(name);
  }

  private static IllegalArgumentException notAnEnvelope(GenericRecord record, String field) {
    return new IllegalArgumentException(
        "record %s is no result envelope: field %s is missing or of another type"
            .formatted(record.getSchema().getFullName(), field));
  }

  private static void refuseClashes(
      String analysis, Schema answer, String name, Schema confidence, Schema provenance) {
    Set<String> taken = new LinkedHashSet<>();
    collectNames(confidence, taken);
    collectNames(provenance, taken);
    taken.add(name);
    Set<String> used = new LinkedHashSet<>();
    collectNames(answer, used);
    Set<String> clashes = new TreeSet<>(used);
    clashes.retainAll(taken);
    if (!clashes.isEmpty()) {
      throw new IllegalArgumentException(
          ("the answer schema of analysis %s names %s, which its envelope %s "
                  + "needs for itself; choose other names or another namespace")
              .formatted(analysis, String.join(", ", clashes), name));
    }
  }

  private static void collectNames(Schema schema, Set<String> names) {
    switch (schema.getType()) {
      case RECORD -> {
        if (names.add(schema.getFullName())) {
          schema.getFields().forEach(field -> collectNames(field.schema(), names));
        }
      }
      case ENUM, FIXED -> names.add(schema.getFullName());
      case ARRAY -> collectNames(schema.getElementType(), names);
      case MAP -> collectNames(schema.getValueType(), names);
      case UNION -> schema.getTypes().forEach(branch -> collectNames(branch, names));
      default -> {}
    }
  }
}
