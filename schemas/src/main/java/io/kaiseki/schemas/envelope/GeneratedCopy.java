package io.kaiseki.schemas.envelope;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;

/**
 * Turns a generic record into its generated class. It goes through Avro's encoding, because only
 * that resolves a record written with an older or newer schema.
 */
final class GeneratedCopy {

  private GeneratedCopy() {}

  static <T> T of(@Nullable Object value, Class<T> type) {
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    Schema reader = SpecificData.get().getSchema(type);
    if (!(value instanceof IndexedRecord record)) {
      throw new IllegalArgumentException("expected a record " + reader.getFullName());
    }
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      new SpecificDatumWriter<IndexedRecord>(record.getSchema(), SpecificData.getForClass(type))
          .write(record, encoder);
      SpecificDatumReader<T> copy = new SpecificDatumReader<>(type);
      copy.setSchema(record.getSchema());
      return copy.read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    } catch (IOException | AvroRuntimeException e) {
      throw new IllegalArgumentException(
          "record %s can't be read as %s: %s"
              .formatted(record.getSchema().getFullName(), reader.getFullName(), e.getMessage()),
          e);
    }
  }
}
