package io.kaiseki.inference.flink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Answers as Avro binary under one schema, behind their length in bytes. Not thread-safe: Flink
 * gives each thread a serializer, and so a codec, of its own.
 */
final class AnswerCodec {

  private final Schema schema;
  private final GenericDatumWriter<GenericRecord> writer;
  private final GenericDatumReader<GenericRecord> reader;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
  private @Nullable BinaryEncoder encoder;
  private @Nullable BinaryDecoder decoder;

  AnswerCodec(Schema schema) {
    this.schema = schema;
    this.writer = new GenericDatumWriter<>(schema);
    this.reader = new GenericDatumReader<>(schema);
  }

  void write(GenericRecord answer, DataOutputView target) throws IOException {
    byte[] bytes = encode(resolved(answer));
    target.writeInt(bytes.length);
    target.write(bytes);
  }

  GenericRecord read(DataInputView source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    decoder = DecoderFactory.get().binaryDecoder(bytes, decoder);
    return reader.read(null, decoder);
  }

  GenericRecord copy(GenericRecord answer) {
    return GenericData.get().deepCopy(answer.getSchema(), answer);
  }

  /**
   * An answer restored from a state of an older contract still has that contract's schema; writing
   * it field by field under another one would mix fields up.
   */
  private GenericRecord resolved(GenericRecord answer) throws IOException {
    Schema own = answer.getSchema();
    if (own == schema || own.equals(schema)) {
      return answer;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder direct = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(own).write(answer, direct);
    return new GenericDatumReader<GenericRecord>(own, schema)
        .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
  }

  private byte[] encode(GenericRecord answer) throws IOException {
    buffer.reset();
    encoder = EncoderFactory.get().binaryEncoder(buffer, encoder);
    writer.write(answer, encoder);
    encoder.flush();
    return buffer.toByteArray();
  }
}
