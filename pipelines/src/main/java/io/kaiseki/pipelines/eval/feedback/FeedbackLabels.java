package io.kaiseki.pipelines.eval.feedback;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.json.AnswerJson;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.kafka.CommittedRecords;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.envelope.Result;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Turns feedback into a file of labelled documents that {@code kaiseki eval --labels} reads: one
 * row for each document, with the latest word on each field. Words on answers of other analyses, of
 * which the topic may have some, are passed over. A document whose text its topic no longer keeps
 * is left out, and so is one that was deleted: by a record without a value under the key of its
 * text, or under its id in the results topic.
 */
public final class FeedbackLabels {

  private final KafkaSettings kafka;
  private final RegistrySettings registry;
  private final Topics topics;
  private final String analysis;
  private final Contract contract;

  /**
   * @param analysis whose answers the words must be on
   * @param contract what answers look like; words on other fields are left out
   */
  public FeedbackLabels(
      KafkaSettings kafka,
      RegistrySettings registry,
      Topics topics,
      String analysis,
      Contract contract) {
    this.kafka = kafka;
    this.registry = registry;
    this.topics = topics;
    this.analysis = analysis;
    this.contract = contract;
  }

  /**
   * Where to read.
   *
   * @param feedback what people said
   * @param documents the texts
   * @param results the answers, for words on parts of a field; tells of deleted ones too
   */
  public record Topics(String feedback, String documents, String results) {}

  /**
   * What was written.
   *
   * @param documents rows of the file
   * @param withoutText documents that people judged and whose text is empty or gone; those whose
   *     result was deleted do not count
   * @param leftOut words that are no label: on a field or with a value that the contract does not
   *     have, without the text that a field must have, or on a part of an answer that says
   *     something else by now
   */
  public record Written(int documents, int withoutText, int leftOut) {}

  /** Whether there is a feedback topic. Where no desk has been at work yet, there is none. */
  public boolean haveTopic() {
    try (CommittedRecords records = new CommittedRecords(kafka, topics.feedback())) {
      return records.exists();
    }
  }

  /**
   * Reads the topics and writes the file.
   *
   * @param file CSV if its name ends in {@code .csv}, JSON Lines otherwise
   * @throws IOException if the file can't be written
   * @throws IllegalStateException if a topic can't be read to its end
   */
  public Written write(Path file) throws IOException {
    try (SchemaRegistryClient client = registry.connect()) {
      RegisteredSchemas schemas = new RegisteredSchemas(client, registry.address());
      Map<String, Map<String, Feedback>> said = said(schemas);
      Map<String, ObjectNode> answers = answers(schemas, said);
      Map<String, Document> documents = documents(schemas, said.keySet());
      DocumentWords words = new DocumentWords(contract);
      List<LabelFile.Row> rows = new ArrayList<>();
      documents.forEach(
          (id, document) ->
              rows.add(
                  new LabelFile.Row(
                      id,
                      document.getTitle() == null ? "" : document.getTitle(),
                      document.getBody(),
                      words.labels(
                          List.copyOf(said.getOrDefault(id, Map.of()).values()),
                          answers.get(id)))));
      List<LabelFile.Row> labelled = rows.stream().filter(row -> !row.labels().isEmpty()).toList();
      LabelFile.write(file, contract, labelled);
      return new Written(labelled.size(), said.size() - documents.size(), words.leftOut());
    }
  }

  /** The latest word on each path, by document. */
  private Map<String, Map<String, Feedback>> said(RegisteredSchemas schemas) {
    AvroDecoder<Feedback> decoder = AvroDecoder.specific(schemas, Feedback.class);
    Map<String, Map<String, Feedback>> said = new LinkedHashMap<>();
    read(
        topics.feedback(),
        record -> {
          if (decoder.decode(record.value()) instanceof Decoded.Value<Feedback> value
              && value.record().getAnalysis().equals(analysis)) {
            Feedback feedback = value.record();
            said.computeIfAbsent(feedback.getDocumentId(), id -> new LinkedHashMap<>())
                .merge(
                    feedback.getField(),
                    feedback,
                    (one, other) -> one.getAt().isAfter(other.getAt()) ? one : other);
          }
        });
    return said;
  }

  /** By id: one that was sent twice is taken as it was sent last. */
  private Map<String, Document> documents(RegisteredSchemas schemas, Set<String> wanted) {
    AvroDecoder<Document> decoder = AvroDecoder.specific(schemas, Document.class);
    Map<String, Document> documents = new LinkedHashMap<>();
    Map<String, Set<String>> idsByKey = new HashMap<>();
    read(
        topics.documents(),
        record -> {
          String key = key(record);
          if (record.value() == null) {
            documents.keySet().removeAll(idsByKey.getOrDefault(key, Set.of()));
          } else if (decoder.decode(record.value()) instanceof Decoded.Value<Document> value
              && wanted.contains(value.record().getId())) {
            documents.put(value.record().getId(), value.record());
            // What has no key can't be deleted under it.
            if (record.key() != null) {
              idsByKey.computeIfAbsent(key, none -> new HashSet<>()).add(value.record().getId());
            }
          }
        });
    // The reader of labels refuses them.
    documents.values().removeIf(document -> document.getId().isBlank() || isEmpty(document));
    return documents;
  }

  private static boolean isEmpty(Document document) {
    return document.getBody().isBlank()
        && (document.getTitle() == null || document.getTitle().isBlank());
  }

  /** The latest answers that are asked for; words on documents whose result is deleted go. */
  private Map<String, ObjectNode> answers(
      RegisteredSchemas schemas, Map<String, Map<String, Feedback>> said) {
    Map<String, ObjectNode> answers = new HashMap<>();
    if (said.isEmpty()) {
      return answers;
    }
    Set<String> wanted =
        said.entrySet().stream()
            .filter(one -> one.getValue().keySet().stream().anyMatch(DocumentWords::isPart))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    Set<String> deleted = new HashSet<>();
    AvroDecoder<GenericRecord> decoder = AvroDecoder.generic(schemas);
    read(
        topics.results(),
        record -> {
          String id = key(record);
          if (record.value() == null) {
            deleted.add(id);
            return;
          }
          deleted.remove(id);
          if (wanted.contains(id)
              && decoder.decode(record.value()) instanceof Decoded.Value<GenericRecord> value) {
            Result result = ResultEnvelope.open(value.record());
            answers.put(id, AnswerJson.record(result.answer()));
          }
        });
    said.keySet().removeAll(deleted);
    return answers;
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
  }

  private void read(String topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
    try (CommittedRecords records = new CommittedRecords(kafka, topic)) {
      records.forEach((done, total) -> {}, action);
    }
  }
}
