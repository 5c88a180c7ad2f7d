package io.kaiseki.pipelines.eval.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.deadletters.CommittedRecords;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns feedback into labelled documents: JSON Lines that {@code kaiseki eval --labels} reads, one
 * line for each document, with the latest word on each field. A document whose text its topic no
 * longer keeps is left out.
 */
public final class FeedbackLabels {

  public static final String ID = "id";
  public static final String TITLE = "title";
  public static final String TEXT = "text";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final KafkaSettings kafka;
  private final RegistrySettings registry;
  private final String feedbackTopic;
  private final String documentsTopic;
  private final Contract contract;

  /**
   * @param contract what answers look like; words on other fields are left out
   */
  public FeedbackLabels(
      KafkaSettings kafka,
      RegistrySettings registry,
      String feedbackTopic,
      String documentsTopic,
      Contract contract) {
    this.kafka = kafka;
    this.registry = registry;
    this.feedbackTopic = feedbackTopic;
    this.documentsTopic = documentsTopic;
    this.contract = contract;
  }

  /**
   * What was written.
   *
   * @param documents lines of the file
   * @param withoutText documents that people judged and whose text is gone
   */
  public record Written(int documents, int withoutText) {}

  /**
   * Reads both topics and writes the file.
   *
   * @throws IOException if the file can't be written
   */
  public Written write(Path file) throws IOException {
    try (SchemaRegistryClient client = registry.connect();
        BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      RegisteredSchemas schemas = new RegisteredSchemas(client, registry.address());
      Map<String, Map<String, Feedback>> words = words(schemas);
      Map<String, String> lines = lines(schemas, words);
      for (String line : lines.values()) {
        out.write(line);
        out.newLine();
      }
      return new Written(lines.size(), words.size() - lines.size());
    }
  }

  private Map<String, Map<String, Feedback>> words(RegisteredSchemas schemas) {
    AvroDecoder<Feedback> decoder = AvroDecoder.specific(schemas, Feedback.class);
    Map<String, Map<String, Feedback>> words = new LinkedHashMap<>();
    try (CommittedRecords records = new CommittedRecords(kafka, feedbackTopic)) {
      records.forEach(
          (done, total) -> {},
          record -> {
            if (decoder.decode(record.value()) instanceof Decoded.Value<Feedback> value) {
              Feedback feedback = value.record();
              words
                  .computeIfAbsent(feedback.getDocumentId(), id -> new HashMap<>())
                  .merge(
                      feedback.getField(),
                      feedback,
                      (one, other) -> one.getAt().isAfter(other.getAt()) ? one : other);
            }
          });
    }
    return words;
  }

  /** Lines by document id: a document that was sent twice is taken as it was sent last. */
  private Map<String, String> lines(
      RegisteredSchemas schemas, Map<String, Map<String, Feedback>> words) {
    AvroDecoder<Document> decoder = AvroDecoder.specific(schemas, Document.class);
    Map<String, String> lines = new LinkedHashMap<>();
    try (CommittedRecords records = new CommittedRecords(kafka, documentsTopic)) {
      records.forEach(
          (done, total) -> {},
          record -> {
            if (decoder.decode(record.value()) instanceof Decoded.Value<Document> value
                && words.containsKey(value.record().getId())) {
              Document document = value.record();
              lines.put(document.getId(), line(document, words.get(document.getId())));
            }
          });
    }
    return lines;
  }

  private String line(Document document, Map<String, Feedback> words) {
    ObjectNode line = JSON.createObjectNode();
    line.put(ID, document.getId());
    line.put(TITLE, document.getTitle() == null ? "" : document.getTitle());
    line.put(TEXT, document.getBody());
    for (AnswerType.Field field : contract.type().fields()) {
      Feedback word = words.get(field.name());
      if (word == null) {
        continue;
      }
      String value = word.getNew$();
      if (field.type().closed()) {
        line.put(field.name(), value == null ? "null" : value);
      } else if (value != null) {
        putOpen(line, field.name(), value);
      }
    }
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a line that can't be written", e);
    }
  }

  /** Lists come as JSON, texts as they are. */
  private static void putOpen(ObjectNode line, String field, String value) {
    if (value.startsWith("[")) {
      try {
        line.set(field, JSON.readTree(value));
        return;
      } catch (JsonProcessingException e) {
        // A text that begins with a bracket.
      }
    }
    line.put(field, value);
  }
}
