package io.kaiseki.pipelines.job;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes an {@link OutgoingRecord} field by field. */
final class OutgoingRecordSerializer extends ImmutableRecordSerializer<OutgoingRecord> {

  static final OutgoingRecordSerializer INSTANCE = new OutgoingRecordSerializer();

  private static final long serialVersionUID = 1L;

  private OutgoingRecordSerializer() {}

  @Override
  public void serialize(OutgoingRecord record, DataOutputView target) throws IOException {
    writeString(record.topic(), target);
    writeBytes(record.key(), target);
    writeBytes(record.value(), target);
    writeTrace(record.trace(), target);
  }

  @Override
  public OutgoingRecord deserialize(DataInputView source) throws IOException {
    return new OutgoingRecord(
        readString(source),
        Objects.requireNonNull(readBytes(source)),
        Objects.requireNonNull(readBytes(source)),
        readTrace(source));
  }

  @Override
  public TypeSerializerSnapshot<OutgoingRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Read back by Flink, by its class name. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<OutgoingRecord> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
