package io.kaiseki.pipelines.job;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a {@link PreparedDocument} field by field. */
final class PreparedDocumentSerializer extends ImmutableRecordSerializer<PreparedDocument> {

  static final PreparedDocumentSerializer INSTANCE = new PreparedDocumentSerializer();

  private static final long serialVersionUID = 1L;

  private PreparedDocumentSerializer() {}

  @Override
  public void serialize(PreparedDocument document, DataOutputView target) throws IOException {
    RawRecordSerializer.INSTANCE.serialize(document.source(), target);
    writeString(document.id(), target);
    writeString(document.text(), target);
  }

  @Override
  public PreparedDocument deserialize(DataInputView source) throws IOException {
    return new PreparedDocument(
        RawRecordSerializer.INSTANCE.deserialize(source), readString(source), readString(source));
  }

  @Override
  public TypeSerializerSnapshot<PreparedDocument> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Read back by Flink, by its class name. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<PreparedDocument> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
