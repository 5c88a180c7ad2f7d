package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.FieldConfidence;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * One answer made of those of all parts.
 *
 * @param answer valid under the contract
 * @param confidences of its closed fields, in schema order
 * @param openTexts free texts about which the parts differ; the answer holds that of the vote, and
 *     a better one may be made of all of them
 */
record MergedAnswer(
    GenericRecord answer, List<FieldConfidence> confidences, List<OpenText> openTexts) {

  /**
   * A free text outside of lists.
   *
   * @param positions the field's position in the answer's record, and in those nested in it
   * @param name path of the field, for the model
   */
  record OpenText(List<Integer> positions, String name) {

    /** Its value in an answer; null where that has none. */
    @Nullable String of(GenericRecord answer) {
      Object value = answer;
      for (int position : positions) {
        value = value instanceof GenericRecord record ? record.get(position) : null;
      }
      return value == null ? null : value.toString();
    }

    /** Puts another value into an answer that has one. */
    void put(GenericRecord answer, String text) {
      GenericRecord record = answer;
      for (int position : positions.subList(0, positions.size() - 1)) {
        record = (GenericRecord) record.get(position);
      }
      record.put(positions.get(positions.size() - 1), text);
    }
  }
}
