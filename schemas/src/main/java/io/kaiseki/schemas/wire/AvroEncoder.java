package io.kaiseki.schemas.wire;

import io.kaiseki.schemas.registry.PortableSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes generic and generated records of one schema in the Confluent wire format. Dates, times and
 * decimals are taken as {@code java.time} and {@code BigDecimal} or as Avro's raw types. The id
 * comes from {@link io.kaiseki.schemas.registry.SchemaRegistration#ensureRegistered}, so no call to
 * the registry happens here.
 *
 * <p>Not safe for use by several threads.
 */
public final class AvroEncoder {

  private static final int INITIAL_BUFFER_BYTES = 1 << 10;

  /** A larger buffer is given back after use, so that one huge record is not held for ever. */
  private static final int RETAINED_BUFFER_BYTES = 1 << 20;

  private final int schemaId;
  private final Schema schema;
  private final SpecificDatumWriter<IndexedRecord> writer;
  private ByteArrayOutputStream buffer = new ByteArrayOutputStream(INITIAL_BUFFER_BYTES);
  private @Nullable BinaryEncoder encoder;

  /**
   * Encodes records of a schema.
   *
   * @param schemaId its id in the registry
   */
  public AvroEncoder(int schemaId, Schema schema) {
    this.schemaId = schemaId;
    this.schema = PortableSchema.of(schema);
    this.writer =
        new SpecificDatumWriter<>(this.schema, WireFormat.withConversions(new SpecificData()));
  }

  /**
   * Encodes a record.
   *
   * @return a new array, the caller's own; null, a tombstone, for null
   * @throws IllegalArgumentException if the record does not fit the schema; the message names no
   *     value, because values may be text of a document
   */
  public byte @Nullable [] encode(@Nullable IndexedRecord record) {
    if (record == null) {
      return null;
    }
    buffer.reset();
    writeHeader();
    encoder = EncoderFactory.get().directBinaryEncoder(buffer, encoder);
    try {
      writer.write(record, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "record %s does not fit schema %s, id %d: %s"
              .formatted(
                  record.getSchema().getFullName(),
                  schema.getFullName(),
                  schemaId,
                  e.getClass().getSimpleName()));
    }
    byte[] message = buffer.toByteArray();
    if (message.length > RETAINED_BUFFER_BYTES) {
      buffer = new ByteArrayOutputStream(INITIAL_BUFFER_BYTES);
    }
    return message;
  }

  private void writeHeader() {
    buffer.write(WireFormat.MAGIC);
    buffer.write(schemaId >>> 24);
    buffer.write(schemaId >>> 16);
    buffer.write(schemaId >>> 8);
    buffer.write(schemaId);
  }
}
