package io.kaiseki.inference.flink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * The serializer behind {@link GeneratedRecordTypeInfo}: Avro binary behind its length in bytes.
 */
final class GeneratedRecordSerializer<R extends SpecificRecord> extends TypeSerializer<R> {

  private static final long serialVersionUID = 1L;

  private final Class<R> type;
  private final String writerSchema;
  private transient @Nullable Codec<R> codec;

  GeneratedRecordSerializer(Class<R> type) {
    this(type, SpecificData.getForClass(type).getSchema(type).toString());
  }

  /**
   * @param writerSchema schema of the records that are read, such as that of an older savepoint
   */
  GeneratedRecordSerializer(Class<R> type, String writerSchema) {
    this.type = type;
    this.writerSchema = writerSchema;
  }

  Class<R> type() {
    return type;
  }

  String writerSchema() {
    return writerSchema;
  }

  @Override
  public void serialize(R record, DataOutputView target) throws IOException {
    byte[] bytes = codec().encode(record);
    target.writeInt(bytes.length);
    target.write(bytes);
  }

  @Override
  public R deserialize(DataInputView source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    return codec().decode(bytes);
  }

  @Override
  public R deserialize(R reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public R copy(R from) {
    return SpecificData.getForClass(type).deepCopy(from.getSchema(), from);
  }

  @Override
  public R copy(R from, R reuse) {
    return copy(from);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    int length = source.readInt();
    target.writeInt(length);
    target.write(source, length);
  }

  @Override
  public TypeSerializer<R> duplicate() {
    return new GeneratedRecordSerializer<>(type, writerSchema);
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  /** There is no empty record to start from; Flink allows null for such types. */
  @Override
  public @Nullable R createInstance() {
    return null;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public TypeSerializerSnapshot<R> snapshotConfiguration() {
    return new GeneratedRecordSerializerSnapshot<>(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GeneratedRecordSerializer<?> that
        && type.equals(that.type)
        && writerSchema.equals(that.writerSchema);
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }

  private Codec<R> codec() {
    if (codec == null) {
      codec = new Codec<>(type, new Schema.Parser().parse(writerSchema));
    }
    return codec;
  }

  private static final class Codec<R> {

    private final SpecificDatumWriter<R> writer;
    private final SpecificDatumReader<R> reader;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private @Nullable BinaryEncoder encoder;
    private @Nullable BinaryDecoder decoder;

    Codec(Class<R> type, Schema written) {
      writer = new SpecificDatumWriter<>(type);
      reader = new SpecificDatumReader<>(type);
      reader.setSchema(written);
    }

    byte[] encode(R record) throws IOException {
      buffer.reset();
      encoder = EncoderFactory.get().binaryEncoder(buffer, encoder);
      writer.write(record, encoder);
      encoder.flush();
      return buffer.toByteArray();
    }

    R decode(byte[] bytes) throws IOException {
      decoder = DecoderFactory.get().binaryDecoder(bytes, decoder);
      return reader.read(null, decoder);
    }
  }
}
