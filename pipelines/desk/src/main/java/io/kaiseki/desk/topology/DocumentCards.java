package io.kaiseki.desk.topology;

import io.kaiseki.desk.state.DocumentCard;
import io.kaiseki.schemas.Document;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Takes from a document what lists need; its text stays where it is, at its coordinates. */
final class DocumentCards extends ContextualProcessor<byte[], Document, String, DocumentCard> {

  /** Characters of the text that lists show and searches look into. */
  private static final int OPENING = 280;

  @Override
  public void process(Record<byte[], Document> record) {
    Document document = record.value();
    if (document == null) {
      return;
    }
    RecordMetadata source =
        context().recordMetadata().orElseThrow(() -> new IllegalStateException("no coordinates"));
    DocumentCard card =
        DocumentCard.newBuilder()
            .setId(document.getId())
            .setKind(document.getKind())
            .setTitle(document.getTitle())
            .setOpening(opening(document.getBody()))
            .setLanguage(document.getLanguage())
            .setReceivedAt(document.getReceivedAt())
            .setAttributes(document.getAttributes())
            .setTopic(source.topic())
            .setPartition(source.partition())
            .setOffset(source.offset())
            .build();
    context().forward(record.withKey(card.getId()).withValue(card));
  }

  private static String opening(String body) {
    String text = body.strip();
    if (text.length() <= OPENING) {
      return text;
    }
    // A pair of surrogates must not be torn apart.
    int end = Character.isHighSurrogate(text.charAt(OPENING - 1)) ? OPENING - 1 : OPENING;
    return text.substring(0, end) + "…";
  }
}
