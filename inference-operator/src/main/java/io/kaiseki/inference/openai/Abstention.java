package io.kaiseki.inference.openai;

import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.contract.AnswerType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes back the labels of an answer that are less sure than the {@code minConfidence} of the
 * schema. Another Kaiseki does so while it decodes; other servers know nothing of it.
 */
final class Abstention {

  private final Map<String, FieldConfidence> confidences = new LinkedHashMap<>();

  private Abstention() {}

  /**
   * Makes those fields null.
   *
   * @param answer the answer, which is changed
   * @param confidences of its closed fields; a field without any keeps its label
   * @return the same confidences, where a field became null with its label, as abstained
   */
  static List<FieldConfidence> in(
      GenericRecord answer, AnswerType.Composite type, List<FieldConfidence> confidences) {
    Abstention abstention = new Abstention();
    confidences.forEach(of -> abstention.confidences.put(of.field(), of));
    abstention.record("", type, answer);
    return List.copyOf(abstention.confidences.values());
  }

  private void record(String path, AnswerType.Composite type, GenericRecord record) {
    for (int i = 0; i < type.fields().size(); i++) {
      AnswerType.Field field = type.fields().get(i);
      String place = path.isEmpty() ? field.name() : path + "." + field.name();
      record.put(i, value(place, field.type(), record.get(i)));
    }
  }

  private @Nullable Object value(String path, AnswerType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (type instanceof AnswerType.Nullable nullable) {
      return unsure(path, nullable.minConfidence()) ? null : value(path, nullable.type(), value);
    }
    if (type instanceof AnswerType.Composite composite) {
      record(path, composite, (GenericRecord) value);
    } else if (type instanceof AnswerType.Items items) {
      List<@Nullable Object> values = new ArrayList<>();
      for (Object item : (List<?>) value) {
        values.add(value(path + "[" + values.size() + "]", items.type(), item));
      }
      return values;
    }
    return value;
  }

  private boolean unsure(String path, double minConfidence) {
    FieldConfidence of = confidences.get(path);
    if (of == null || of.probability() >= minConfidence) {
      return false;
    }
    confidences.put(
        path, new FieldConfidence(path, of.label(), of.probability(), of.distribution(), true));
    return true;
  }
}
