package io.kaiseki.desk.topology;

import io.kaiseki.desk.state.LetterCard;
import io.kaiseki.schemas.DeadLetter;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Takes from a dead letter what lists need; the original stays in the dead-letter topic. */
final class LetterCards extends ContextualProcessor<byte[], DeadLetter, String, LetterCard> {

  @Override
  public void process(Record<byte[], DeadLetter> record) {
    DeadLetter letter = record.value();
    if (letter == null) {
      return;
    }
    String id =
        letter.getDocumentId() != null
            ? letter.getDocumentId()
            : "%s/%d/%d"
                .formatted(
                    letter.getSourceTopic(), letter.getSourcePartition(), letter.getSourceOffset());
    LetterCard card =
        LetterCard.newBuilder()
            .setId(id)
            .setReason(letter.getReason().name())
            .setMessage(letter.getMessage())
            .setStage(letter.getStage())
            .setAnalysisVersion(letter.getAnalysisVersion())
            .setAttempts(letter.getAttempts())
            .setFailedAt(letter.getFailedAt())
            .setTopic(letter.getSourceTopic())
            .setPartition(letter.getSourcePartition())
            .setOffset(letter.getSourceOffset())
            .build();
    context().forward(record.withKey(id).withValue(card));
  }
}
