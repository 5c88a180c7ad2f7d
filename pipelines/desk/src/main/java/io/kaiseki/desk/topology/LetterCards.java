package io.kaiseki.desk.topology;

import io.kaiseki.desk.state.LetterCard;
import io.kaiseki.schemas.DeadLetter;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Takes from a dead letter what lists need; the original stays in the dead-letter topic, and so
 * does what its message has after 4,000 characters.
 */
final class LetterCards extends ContextualProcessor<byte[], DeadLetter, String, LetterCard> {

  private static final int LONGEST_MESSAGE = 4_000;

  private final String analysis;
  private final Serializer<LetterCard> serializer = StateSerdes.letters().serializer();

  /**
   * @param analysis name of the one whose letters are taken, since a topic may serve several
   */
  LetterCards(String analysis) {
    this.analysis = analysis;
  }

  @Override
  public void process(Record<byte[], DeadLetter> record) {
    DeadLetter letter = record.value();
    if (letter == null || !letter.getAnalysis().equals(analysis)) {
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
            .setMessage(OwnRecords.cut(letter.getMessage(), LONGEST_MESSAGE))
            .setStage(letter.getStage())
            .setAnalysisVersion(letter.getAnalysisVersion())
            .setAttempts(letter.getAttempts())
            .setFailedAt(letter.getFailedAt())
            .setTopic(letter.getSourceTopic())
            .setPartition(letter.getSourcePartition())
            .setOffset(letter.getSourceOffset())
            .build();
    context().forward(record.withKey(id).withValue(OwnRecords.checked(id, card, serializer)));
  }
}
