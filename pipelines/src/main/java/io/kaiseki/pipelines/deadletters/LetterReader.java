package io.kaiseki.pipelines.deadletters;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.kafka.CommittedRecords;
import io.kaiseki.pipelines.kafka.ReadListener;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads a topic of dead letters from its beginning to where it ended when the reading began. Reads
 * what is committed, and nothing of a job's own state. Not safe for use by several threads.
 */
public final class LetterReader implements AutoCloseable {

  private final CommittedRecords records;
  private final SchemaRegistryClient registry;
  private final AvroDecoder<DeadLetter> decoder;

  /**
   * @param topic topic of dead letters, which must exist
   */
  public LetterReader(KafkaSettings kafka, RegistrySettings registrySettings, String topic) {
    this.records = new CommittedRecords(kafka, topic);
    this.registry = registrySettings.connect();
    this.decoder =
        AvroDecoder.specific(
            new RegisteredSchemas(registry, registrySettings.address()), DeadLetter.class);
  }

  /** Takes what is read. Called by the thread that reads. */
  public interface Visitor {

    /** A letter; those of one partition come in their order. */
    void letter(StoredLetter letter);

    /**
     * A record that is no letter, which somebody else has put there.
     *
     * @param why what is wrong with it; never holds its content
     */
    void unreadable(int partition, long offset, String why);
  }

  /**
   * Reads all letters.
   *
   * @throws io.kaiseki.schemas.registry.RegistryUnavailableException if the registry does not
   *     answer
   */
  public void forEach(ReadListener listener, Visitor visitor) {
    records.forEach(listener, record -> visit(record, visitor));
  }

  private void visit(ConsumerRecord<byte[], byte[]> record, Visitor visitor) {
    Decoded<DeadLetter> decoded = decoder.decode(record.value());
    if (decoded instanceof Decoded.Value<DeadLetter> value) {
      visitor.letter(new StoredLetter(record.partition(), record.offset(), value.record()));
    } else if (decoded instanceof Decoded.Undecodable<DeadLetter> undecodable) {
      visitor.unreadable(record.partition(), record.offset(), undecodable.message());
    }
  }

  @Override
  public void close() {
    records.close();
    try {
      registry.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
