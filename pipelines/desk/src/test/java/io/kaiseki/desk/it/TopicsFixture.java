package io.kaiseki.desk.it;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.desk.Triage;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics of one analysis, and somebody who writes to them what a job would. */
final class TopicsFixture implements AutoCloseable {

  final Triage triage;

  private final String name = "t" + UUID.randomUUID().toString().substring(0, 8);
  private final SchemaRegistryClient registry;
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * @param partitions of the results topic; the documents have one, keyed by nothing
   */
  TopicsFixture(int partitions) throws Exception {
    registry = RegistrySettings.of(DeskServices.registryUrl()).connect();
    triage = new Triage(registry, name);
    Properties properties = kafka().properties();
    properties.put("max.request.size", String.valueOf(16 << 20));
    properties.put("linger.ms", "5");
    // A topic is new, and its leader may refuse a first batch and take a second one.
    properties.put("max.in.flight.requests.per.connection", "1");
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    try (Admin admin = Admin.create(kafka().properties())) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(documents(), Optional.of(1), Optional.empty()),
                  new NewTopic(results(), Optional.of(partitions), Optional.empty()),
                  new NewTopic(deadLetters(), Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
  }

  String name() {
    return name;
  }

  String documents() {
    return name + "-in";
  }

  String results() {
    return name + "-out";
  }

  String deadLetters() {
    return name + "-dead";
  }

  String feedback() {
    return results() + ".feedback";
  }

  List<String> settings() {
    return List.of(
        "topics.documents=" + documents(),
        "topics.results=" + results(),
        "topics.dead-letters=" + deadLetters());
  }

  /** A document and its result, which quotes it. */
  void triaged(String id, String title, String body, String category, String quote) {
    document(id, title, body);
    result(
        id,
        triage.result(
            id,
            category,
            0.83,
            quote,
            quote == null ? List.of() : List.of("A-1001"),
            Instant.now(),
            0));
  }

  void document(String id, String title, String body) {
    send(documents(), null, triage.document(id, title, body, Instant.now().minusSeconds(3)));
  }

  void result(String id, byte[] value) {
    send(results(), id, value);
  }

  void letter(byte[] value) {
    send(deadLetters(), null, value);
  }

  void send(String topic, String key, byte[] value) {
    producer.send(
        new ProducerRecord<>(
            topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value));
  }

  void flush() {
    producer.flush();
  }

  /** All feedback that was written. */
  List<Feedback> writtenFeedback() {
    AvroDecoder<Feedback> decoder =
        AvroDecoder.specific(new RegisteredSchemas(registry, "test"), Feedback.class);
    List<Feedback> feedback = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(feedback())) {
      if (decoder.decode(record.value()) instanceof Decoded.Value<Feedback> value) {
        feedback.add(value.record());
      }
    }
    return feedback;
  }

  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    Properties properties = kafka().properties();
    properties.put("isolation.level", "read_committed");
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        consumer.poll(Duration.ofMillis(200)).forEach(found::add);
      }
    }
    return found;
  }

  /** How a topic is set up. */
  String configured(String topic, String config) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = Admin.create(kafka().properties())) {
      return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(config).value();
    }
  }

  @Override
  public void close() throws IOException {
    producer.close();
    registry.close();
  }

  private static KafkaSettings kafka() {
    return KafkaSettings.plain(DeskServices.bootstrapServers());
  }
}
