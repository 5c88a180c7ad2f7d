package io.kaiseki.pipelines.backfill.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Writes an {@link ArchivePosition} into a checkpoint. */
final class ArchivePositionSerializer implements SimpleVersionedSerializer<ArchivePosition> {

  @Override
  public int getVersion() {
    return new ArchiveSplitSerializer().getVersion();
  }

  @Override
  public byte[] serialize(ArchivePosition position) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    out.writeLong(position.next());
    out.writeInt(position.returned().size());
    for (ArchiveSplit split : position.returned()) {
      ArchiveSplitSerializer.write(split, out);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public ArchivePosition deserialize(int version, byte[] serialized) throws IOException {
    ArchiveSplitSerializer.checkVersion(version);
    DataInputDeserializer in = new DataInputDeserializer(serialized);
    long next = in.readLong();
    List<ArchiveSplit> returned = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      returned.add(ArchiveSplitSerializer.read(version, in));
    }
    return new ArchivePosition(next, returned);
  }
}
