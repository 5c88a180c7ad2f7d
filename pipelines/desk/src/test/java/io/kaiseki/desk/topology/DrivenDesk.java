package io.kaiseki.desk.topology;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.desk.Triage;
import io.kaiseki.desk.model.AnswerCards;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.state.Minute;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** The topology without a broker, record by record. */
final class DrivenDesk implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-03-02T10:30:20Z");

  final Triage triage;
  final TopologyTestDriver driver;
  final TestInputTopic<byte[], byte[]> documents;
  final TestInputTopic<byte[], byte[]> results;
  final TestInputTopic<byte[], byte[]> letters;
  final TestInputTopic<byte[], byte[]> feedback;

  private final SchemaRegistryClient client;
  private final TestOutputTopic<byte[], byte[]> badRecords;

  DrivenDesk(Path state, EntryListener listener) {
    client = RegistrySettings.of("mock://" + UUID.randomUUID()).connect();
    triage = new Triage(client, "t");
    DeskTopics topics = new DeskTopics("t-in", "t-out", "t-dead", "t-out.feedback", "t-bad");
    DeskTopology topology =
        new DeskTopology(
            "ticket-triage",
            topics,
            1,
            new RegisteredSchemas(client, "test"),
            new AnswerCards(0.6),
            Duration.ofDays(30),
            new CountDownLatch(1));
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "desk-test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    // Not exactly once: the driver would not show what is set aside outside of a transaction.
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, BadRecords.class);
    properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, BadRecords.class);
    properties.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, "t-bad");
    driver = new TopologyTestDriver(topology.build(listener), properties, NOW);
    documents = input("t-in");
    results = input("t-out");
    letters = input("t-dead");
    feedback = input("t-out.feedback");
    badRecords =
        driver.createOutputTopic("t-bad", new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static void send(TestInputTopic<byte[], byte[]> topic, String key, byte[] value) {
    topic.pipeInput(key.getBytes(StandardCharsets.UTF_8), value, NOW);
  }

  KeyValueStore<String, Entry> entries() {
    return driver.getKeyValueStore(Stores.ENTRIES);
  }

  KeyValueStore<Long, Minute> minutes() {
    return driver.getKeyValueStore(Stores.MINUTES);
  }

  Map<String, Long> tallies() {
    KeyValueStore<String, Long> store = driver.getKeyValueStore(Stores.TALLIES);
    Map<String, Long> counts = new TreeMap<>();
    try (var all = store.all()) {
      all.forEachRemaining(entry -> counts.put(entry.key, entry.value));
    }
    return counts;
  }

  /** What was set aside since this was asked before. */
  List<TestRecord<byte[], byte[]>> setAside() {
    return badRecords.readRecordsToList();
  }

  @Override
  public void close() throws IOException {
    driver.close();
    client.close();
  }

  private TestInputTopic<byte[], byte[]> input(String topic) {
    return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
