package io.kaiseki.desk.topology;

import io.kaiseki.desk.state.DocumentCard;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.state.LetterCard;
import io.kaiseki.desk.state.Minute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * The desk's own state as bytes: Avro's single-object encoding, which names the schema by its
 * fingerprint, so that a newer desk can tell what an older one has written.
 */
final class StateSerdes {

  private StateSerdes() {}

  static Serde<Entry> entries() {
    return serde(Entry.getEncoder(), Entry.getDecoder());
  }

  static Serde<Minute> minutes() {
    return serde(Minute.getEncoder(), Minute.getDecoder());
  }

  static Serde<DocumentCard> documents() {
    return serde(DocumentCard.getEncoder(), DocumentCard.getDecoder());
  }

  static Serde<LetterCard> letters() {
    return serde(LetterCard.getEncoder(), LetterCard.getDecoder());
  }

  private static <T> Serde<T> serde(
      BinaryMessageEncoder<T> encoder, BinaryMessageDecoder<T> decoder) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : write(encoder, value),
        (topic, bytes) -> bytes == null ? null : read(decoder, bytes));
  }

  private static <T> byte[] write(BinaryMessageEncoder<T> encoder, T value) {
    try {
      ByteBuffer bytes = encoder.encode(value);
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private static <T> T read(BinaryMessageDecoder<T> decoder, byte[] bytes) {
    try {
      return decoder.decode(bytes);
    } catch (IOException | AvroRuntimeException e) {
      // Of Kafka's kind: it is the state that is at fault, never the record that asks for it.
      throw new SerializationException(
          "the desk's own state can't be read; it may be of another version of the desk", e);
    }
  }
}
