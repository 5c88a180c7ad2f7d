package io.kaiseki.pipelines.backfill.done;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.kafka.CommittedRecords;
import io.kaiseki.pipelines.kafka.ReadListener;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads which documents an analysis has answered: the results topic from its beginning to where it
 * ends now, {@code read_committed}. Where a transaction is open there, be it one of the live job or
 * of a process that was killed, results that others have committed stand behind it, and it is
 * waited for. Of each result only the id and a little provenance is decoded. Results of other
 * analyses and versions, those written before results told what text they are about, and those that
 * a later record without a value has deleted, do not count.
 */
public final class DoneDocuments {

  private final KafkaSettings kafka;
  private final RegistrySettings registry;
  private final Duration longest;

  /**
   * @param longest time to wait for a transaction that is open: somewhat longer than the timeout of
   *     those who write there. With zero, none is waited for, and what stands behind one does not
   *     count
   */
  public DoneDocuments(KafkaSettings kafka, RegistrySettings registry, Duration longest) {
    this.kafka = kafka;
    this.registry = registry;
    this.longest = longest;
  }

  /**
   * Reads the topic, which must exist.
   *
   * @param topic the results topic
   * @param envelope full name of the record type of its results
   * @param analysis name of the analysis
   * @param version its version
   * @param listener ends the reading by what it throws
   * @throws IllegalStateException if the topic can't be read to its end
   */
  public FingerprintSet read(
      String topic, String envelope, String analysis, String version, ReadListener listener)
      throws IOException {
    FingerprintSet done = new FingerprintSet();
    try (SchemaRegistryClient client = registry.connect();
        CommittedRecords records = new CommittedRecords(kafka, topic)) {
      AvroDecoder<GenericRecord> decoder =
          AvroDecoder.generic(
              new RegisteredSchemas(client, registry.address()), projection(envelope));
      Consumer<ConsumerRecord<byte[], byte[]>> action =
          record -> {
            if (record.value() == null) {
              if (record.key() != null) {
                done.removeAll(DocumentFingerprint.high(record.key()));
              }
            } else if (decoder.decode(record.value())
                instanceof Decoded.Value<GenericRecord> value) {
              add(value.record(), analysis, version, done);
            }
          };
      if (longest.isZero()) {
        records.forEach(listener, action);
      } else {
        records.forEachWritten(longest, listener, action);
      }
    }
    return done;
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
