package io.kaiseki.pipelines.job;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.pipelines.job.Rejection.Stage;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a {@link Rejection} field by field; enums go by name. */
final class RejectionSerializer extends ImmutableRecordSerializer<Rejection> {

  static final RejectionSerializer INSTANCE = new RejectionSerializer();

  private static final long serialVersionUID = 1L;

  private RejectionSerializer() {}

  @Override
  public void serialize(Rejection rejection, DataOutputView target) throws IOException {
    RawRecordSerializer.INSTANCE.serialize(rejection.source(), target);
    writeString(rejection.documentId(), target);
    writeString(rejection.stage().name(), target);
    writeString(rejection.reason().name(), target);
    writeString(rejection.message(), target);
    target.writeInt(rejection.attempts());
    writeTrace(rejection.trace(), target);
  }

  @Override
  public Rejection deserialize(DataInputView source) throws IOException {
    return new Rejection(
        RawRecordSerializer.INSTANCE.deserialize(source),
        readNullableString(source),
        Stage.valueOf(readString(source)),
        FailureReason.valueOf(readString(source)),
        readString(source),
        source.readInt(),
        readTrace(source));
  }

  @Override
  public TypeSerializerSnapshot<Rejection> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Read back by Flink, by its class name. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Rejection> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
