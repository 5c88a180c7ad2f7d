package io.kaiseki.pipelines.backfill.done;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads which documents an analysis has answered: the results topic from its beginning to where it
 * ends now, {@code read_committed}. Of each result only the id and a little provenance is decoded.
 * Results of other analyses and versions, and those written before results told what text they are
 * about, do not count.
 */
public final class DoneDocuments {

  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaSettings kafka;
  private final RegistrySettings registry;

  public DoneDocuments(KafkaSettings kafka, RegistrySettings registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  /** Hears how far reading has come. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called a few times a second.
     *
     * @param total offsets to go through, more than records where a topic has transactions
     */
    void read(long done, long total);
  }

  /**
   * Reads the topic, which must exist.
   *
   * @param topic the results topic
   * @param envelope full name of the record type of its results
   * @param analysis name of the analysis
   * @param version its version
   */
  public FingerprintSet read(
      String topic, String envelope, String analysis, String version, Listener listener)
      throws IOException {
    FingerprintSet done = new FingerprintSet();
    try (SchemaRegistryClient client = registry.connect();
        KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      AvroDecoder<GenericRecord> decoder =
          AvroDecoder.generic(
              new RegisteredSchemas(client, registry.address()), projection(envelope));
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long first = partitions.stream().mapToLong(consumer::position).sum();
      long last = ends.values().stream().mapToLong(Long::longValue).sum();
      long at = first;
      while (at < last) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (decoder.decode(record.value()) instanceof Decoded.Value<GenericRecord> value) {
            add(value.record(), analysis, version, done);
          }
        }
        at =
            partitions.stream()
                .mapToLong(one -> Math.min(consumer.position(one), ends.get(one)))
                .sum();
        listener.read(at - first, last - first);
      }
    }
    return done;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        consumerProperties(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** How the topic is read, whatever the settings say for other clients. */
  static Properties consumerProperties(KafkaSettings kafka) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // Retention may delete records that are about to be read. Kafka's default would go on at the
    // end of the topic then, and documents whose results were passed over are analysed twice.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return properties;
  }

  private static void add(
      GenericRecord result, String analysis, String version, FingerprintSet done) {
    GenericRecord provenance = (GenericRecord) result.get("provenance");
    String sha256 = provenance.get("documentSha256").toString();
    if (!sha256.isEmpty()
        && provenance.get("analysis").toString().equals(analysis)
        && provenance.get("analysisVersion").toString().equals(version)) {
      done.add(DocumentFingerprint.of(result.get("documentId").toString(), sha256));
    }
  }

  /** The few fields that are needed, under the names that the writer's schema has. */
  private static Schema projection(String envelope) {
    Schema writer = Provenance.getClassSchema();
    Schema provenance =
        SchemaBuilder.record(writer.getFullName())
            .fields()
            .requiredString("analysis")
            .requiredString("analysisVersion")
            .name("documentSha256")
            .type()
            .stringType()
            .stringDefault("")
            .endRecord();
    return SchemaBuilder.record(envelope)
        .fields()
        .requiredString("documentId")
        .name("provenance")
        .type(provenance)
        .noDefault()
        .endRecord();
  }
}
