package io.kaiseki.desk.topology;

import io.kaiseki.desk.state.DocumentCard;
import io.kaiseki.schemas.Document;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Takes from a document what lists need; its text stays where it is, at its coordinates. Of what a
 * sender may make as long as the text, the beginning is taken, with an ellipsis after it: 1,000
 * characters of the title and of the value of an attribute, 100 of an attribute's name, of the kind
 * and of the language, and the first 50 attributes by name.
 */
final class DocumentCards extends ContextualProcessor<byte[], Document, String, DocumentCard> {

  /** Characters of the text that lists show and searches look into. */
  private static final int OPENING = 280;

  private static final int LONGEST = 1_000;
  private static final int LONGEST_NAME = 100;
  private static final int MOST_ATTRIBUTES = 50;

  /** The name under which the number of attributes that were left out stands. */
  private static final String OTHERS = "…";

  private final Serializer<DocumentCard> serializer = StateSerdes.documents().serializer();

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
            .setKind(OwnRecords.cut(document.getKind(), LONGEST_NAME))
            .setTitle(cut(document.getTitle(), LONGEST))
            .setOpening(OwnRecords.cut(document.getBody().strip(), OPENING))
            .setLanguage(cut(document.getLanguage(), LONGEST_NAME))
            .setReceivedAt(document.getReceivedAt())
            .setAttributes(attributes(document.getAttributes()))
            .setTopic(source.topic())
            .setPartition(source.partition())
            .setOffset(source.offset())
            .build();
    context()
        .forward(
            record
                .withKey(card.getId())
                .withValue(OwnRecords.checked(card.getId(), card, serializer)));
  }

  private static Map<String, String> attributes(Map<String, String> given) {
    Map<String, String> taken = new LinkedHashMap<>();
    new TreeMap<>(given)
        .entrySet().stream()
            .limit(MOST_ATTRIBUTES)
            .forEach(
                one ->
                    taken.put(
                        OwnRecords.cut(one.getKey(), LONGEST_NAME),
                        OwnRecords.cut(one.getValue(), LONGEST)));
    if (given.size() > taken.size()) {
      taken.put(OTHERS, String.valueOf(given.size() - taken.size()));
    }
    return taken;
  }

  private static @Nullable String cut(@Nullable String text, int longest) {
    return text == null ? null : OwnRecords.cut(text, longest);
  }
}
