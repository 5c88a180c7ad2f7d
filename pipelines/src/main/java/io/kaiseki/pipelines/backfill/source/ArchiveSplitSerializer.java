package io.kaiseki.pipelines.backfill.source;

import io.kaiseki.pipelines.backfill.archive.ArchiveFile;
import io.kaiseki.pipelines.backfill.archive.Format;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Writes an {@link ArchiveSplit} into a checkpoint; formats go by their word. */
final class ArchiveSplitSerializer implements SimpleVersionedSerializer<ArchiveSplit> {

  private static final int VERSION = 2;

  /** The version that did not know how files were when they were opened. */
  private static final int WITHOUT_STAMPS = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(ArchiveSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(128);
    write(split, out);
    return out.getCopyOfBuffer();
  }

  @Override
  public ArchiveSplit deserialize(int version, byte[] serialized) throws IOException {
    checkVersion(version);
    return read(version, new DataInputDeserializer(serialized));
  }

  static void checkVersion(int version) throws IOException {
    if (version != VERSION && version != WITHOUT_STAMPS) {
      throw new IOException(
          "the checkpoint is of version " + version + " of the archive source, not " + VERSION);
    }
  }

  static void write(ArchiveSplit split, DataOutputView out) throws IOException {
    out.writeLong(split.number());
    StringValue.writeString(split.file().path().toString(), out);
    StringValue.writeString(split.file().id(), out);
    StringValue.writeString(split.file().format().word(), out);
    out.writeLong(split.done());
    FileStamp opened = split.opened();
    out.writeBoolean(opened != null);
    if (opened != null) {
      out.writeLong(opened.size());
      out.writeLong(opened.modified());
    }
  }

  static ArchiveSplit read(int version, DataInputView in) throws IOException {
    long number = in.readLong();
    Path path = Path.of(StringValue.readString(in));
    String id = StringValue.readString(in);
    Format format = Format.named(StringValue.readString(in)).orElseThrow();
    long done = in.readLong();
    boolean stamped = version != WITHOUT_STAMPS && in.readBoolean();
    FileStamp opened = stamped ? new FileStamp(in.readLong(), in.readLong()) : null;
    return new ArchiveSplit(number, new ArchiveFile(path, id, format), done, opened);
  }
}
