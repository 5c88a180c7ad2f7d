package io.kaiseki.desk.model;

import io.kaiseki.desk.state.AnswerCard;
import io.kaiseki.desk.state.AnsweredField;
import io.kaiseki.schemas.FieldConfidence;
import io.kaiseki.schemas.envelope.Result;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Makes the short form of a result. */
public final class AnswerCards {

  private final double threshold;

  /**
   * @param threshold a result whose least confidence is under it counts as unsure, 0 to 1
   */
  public AnswerCards(double threshold) {
    this.threshold = threshold;
  }

  /**
   * The card of a result.
   *
   * @param envelope the value of the record that it came in
   */
  public AnswerCard card(Result result, byte[] envelope) {
    Map<String, Double> confidences = new HashMap<>();
    double least = 1;
    for (FieldConfidence confidence : result.confidences()) {
      confidences.put(confidence.getField(), confidence.getProbability());
      least = Math.min(least, confidence.getProbability());
    }
    List<AnsweredField> fields = new ArrayList<>();
    for (Schema.Field field : result.answer().getSchema().getFields()) {
      fields.add(
          AnsweredField.newBuilder()
              .setName(field.name())
              .setClosed(isClosed(field.schema()))
              .setValue(AnswerText.of(result.answer().get(field.pos()), field.schema()))
              .setConfidence(confidences.get(field.name()))
              .build());
    }
    return AnswerCard.newBuilder()
        .setFields(fields)
        .setLeast(least)
        .setUnsure(least < threshold)
        .setModel(result.provenance().getModel())
        .setBuild(result.provenance().getBuild())
        .setAnalysisVersion(result.provenance().getAnalysisVersion())
        .setCompletedAt(result.provenance().getCompletedAt())
        .setEnvelope(ByteBuffer.wrap(envelope))
        .build();
  }

  private static boolean isClosed(Schema schema) {
    if (schema.getType() == Schema.Type.UNION) {
      return schema.getTypes().stream()
          .filter(branch -> branch.getType() != Schema.Type.NULL)
          .allMatch(AnswerCards::isClosed);
    }
    return Columns.kind(schema).closed();
  }
}
