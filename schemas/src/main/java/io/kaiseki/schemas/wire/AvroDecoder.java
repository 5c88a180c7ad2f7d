package io.kaiseki.schemas.wire;

import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistryRefusedException;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.registry.SchemaById;
import io.kaiseki.schemas.wire.Decoded.Reason;
import io.kaiseki.schemas.wire.Decoded.Undecodable;
import io.kaiseki.schemas.wire.LengthCheckedDecoder.ImplausibleLengthException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages in the Confluent wire format. Text of a record is always {@link String}; invalid
 * UTF-8 in it becomes U+FFFD. Bytes that are no record are a result, not an exception; only trouble
 * with the registry is thrown, because then the message is not at fault.
 *
 * <p>Not safe for use by several threads.
 *
 * @param <T> type of the records
 */
public final class AvroDecoder<T> {

  private static final int REMEMBERED_READERS = 256;

  private final RegisteredSchemas schemas;
  private final ReaderFactory<T> readers;
  private final Map<Integer, DatumReader<T>> readersById = new BoundedMap<>(REMEMBERED_READERS);

  private AvroDecoder(RegisteredSchemas schemas, ReaderFactory<T> readers) {
    this.schemas = Objects.requireNonNull(schemas, "schemas");
    this.readers = readers;
  }

  /** Reads generic records under whatever schema they were written with. */
  public static AvroDecoder<GenericRecord> generic(RegisteredSchemas schemas) {
    return generic(schemas, writer -> writer);
  }

  /** Reads generic records as this schema, whatever compatible one they were written with. */
  public static AvroDecoder<GenericRecord> generic(RegisteredSchemas schemas, Schema reader) {
    Objects.requireNonNull(reader, "reader");
    return generic(schemas, writer -> reader);
  }

  private static AvroDecoder<GenericRecord> generic(
      RegisteredSchemas schemas, UnaryOperator<Schema> reader) {
    return new AvroDecoder<>(schemas, writer -> new StringReader<>(writer, reader.apply(writer)));
  }

  /** Reads records of a generated class, whatever compatible schema they were written with. */
  public static <T extends SpecificRecord> AvroDecoder<T> specific(
      RegisteredSchemas schemas, Class<T> type) {
    Schema reader = SpecificData.get().getSchema(type);
    return new AvroDecoder<>(
        schemas, writer -> new GeneratedReader<>(writer, reader, type.getClassLoader()));
  }

  /**
   * Decodes a message.
   *
   * @param message the value of a Kafka record; null for a tombstone
   * @throws RegistryUnavailableException if the registry can't answer now; the same message may
   *     well decode later and must not be given up
   * @throws RegistryRefusedException if the registry refuses to answer this client
   */
  public Decoded<T> decode(byte @Nullable [] message) {
    if (message == null) {
      return new Undecodable<>(Reason.NO_VALUE, "the record has no value");
    }
    if (message.length > 0 && message[0] != WireFormat.MAGIC) {
      return new Undecodable<>(
          Reason.BAD_MAGIC,
          "the first byte is 0x%02x where the Confluent format has 0x00".formatted(message[0]));
    }
    if (message.length < WireFormat.HEADER_BYTES) {
      return new Undecodable<>(
          Reason.TRUNCATED,
          "the message has %d bytes, fewer than its header of %d"
              .formatted(message.length, WireFormat.HEADER_BYTES));
    }
    int id = ByteBuffer.wrap(message).getInt(1);
    DatumReader<T> reader = readersById.get(id);
    if (reader == null) {
      SchemaById schema = schemas.byId(id);
      if (schema instanceof SchemaById.Unknown unknown) {
        return new Undecodable<>(Reason.SCHEMA_UNKNOWN, unknown.message());
      }
      reader = readers.reading(((SchemaById.Known) schema).schema());
      readersById.put(id, reader);
    }
    return read(reader, message, id);
  }

  private Decoded<T> read(DatumReader<T> reader, byte[] message, int id) {
    LengthCheckedDecoder decoder = new LengthCheckedDecoder(message, WireFormat.HEADER_BYTES);
    try {
      T record = reader.read(null, decoder);
      if (!decoder.isAtEnd()) {
        return undecodable(Reason.TRAILING_BYTES, id, "bytes follow the record");
      }
      return new Decoded.Value<>(record, id);
    } catch (EOFException e) {
      return undecodable(Reason.TRUNCATED, id, "the bytes end before the record does");
    } catch (ImplausibleLengthException e) {
      return undecodable(Reason.TRUNCATED, id, e.getMessage());
    } catch (AvroTypeException e) {
      return undecodable(Reason.INCOMPATIBLE, id, e.getMessage());
    } catch (IOException | RuntimeException e) {
      return malformed(id, e);
    } catch (StackOverflowError e) {
      // A recursive schema lets one byte open one level.
      return malformed(id, e);
    }
  }

  /** Names the exception only: its text may quote the message. */
  private static <T> Undecodable<T> malformed(int id, Throwable cause) {
    return undecodable(
        Reason.MALFORMED, id, "the bytes are no such record: " + cause.getClass().getSimpleName());
  }

  private static <T> Undecodable<T> undecodable(
      Reason reason, int id, @Nullable String explanation) {
    return new Undecodable<>(reason, "under schema id %d, %s".formatted(id, explanation));
  }

  /** Makes a reader for what a writer's schema wrote. */
  @FunctionalInterface
  private interface ReaderFactory<T> {
    DatumReader<T> reading(Schema writer);
  }

  /** Forgets what was used longest ago. */
  private static final class BoundedMap<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    private final int capacity;

    BoundedMap(int capacity) {
      super(16, 0.75f, true);
      this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > capacity;
    }
  }
}
