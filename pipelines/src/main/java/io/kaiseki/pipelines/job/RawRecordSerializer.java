package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.job.RawRecord.RawHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a {@link RawRecord} field by field. */
final class RawRecordSerializer extends ImmutableRecordSerializer<RawRecord> {

  static final RawRecordSerializer INSTANCE = new RawRecordSerializer();

  private static final long serialVersionUID = 1L;

  private RawRecordSerializer() {}

  @Override
  public void serialize(RawRecord record, DataOutputView target) throws IOException {
    writeString(record.topic(), target);
    target.writeInt(record.partition());
    target.writeLong(record.offset());
    target.writeLong(record.timestamp());
    writeBytes(record.key(), target);
    writeBytes(record.value(), target);
    target.writeInt(record.headers().size());
    for (RawHeader header : record.headers()) {
      writeString(header.key(), target);
      writeBytes(header.value(), target);
    }
  }

  @Override
  public RawRecord deserialize(DataInputView source) throws IOException {
    return new RawRecord(
        readString(source),
        source.readInt(),
        source.readLong(),
        source.readLong(),
        readBytes(source),
        readBytes(source),
        readHeaders(source));
  }

  @Override
  public TypeSerializerSnapshot<RawRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  private static List<RawHeader> readHeaders(DataInputView source) throws IOException {
    List<RawHeader> headers = new ArrayList<>();
    for (int left = source.readInt(); left > 0; left--) {
      headers.add(new RawHeader(readString(source), readBytes(source)));
    }
    return headers;
  }

  /** Read back by Flink, by its class name. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<RawRecord> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
