package io.kaiseki.pipelines.job;

import io.kaiseki.inference.telemetry.TraceContext;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;
import org.jspecify.annotations.Nullable;

/**
 * What the serializers of immutable records share: nothing to copy, nothing to reuse, and a form
 * for bytes and strings that tells null from empty.
 */
abstract class ImmutableRecordSerializer<T> extends TypeSerializerSingleton<T> {

  private static final long serialVersionUID = 1L;
  private static final int NULL = -1;

  @Override
  public final boolean isImmutableType() {
    return true;
  }

  /** There is no empty record to start from; Flink allows null for such types. */
  @Override
  public final @Nullable T createInstance() {
    return null;
  }

  @Override
  public final T copy(T from) {
    return from;
  }

  @Override
  public final T copy(T from, T reuse) {
    return from;
  }

  @Override
  public final int getLength() {
    return -1;
  }

  @Override
  public final T deserialize(T reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public final void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  static void writeBytes(byte @Nullable [] bytes, DataOutputView target) throws IOException {
    if (bytes == null) {
      target.writeInt(NULL);
    } else {
      target.writeInt(bytes.length);
      target.write(bytes);
    }
  }

  static byte @Nullable [] readBytes(DataInputView source) throws IOException {
    int length = source.readInt();
    if (length == NULL) {
      return null;
    }
    byte[] bytes = new byte[length];
    source.readFully(bytes);
    return bytes;
  }

  static void writeTrace(TraceContext trace, DataOutputView target) throws IOException {
    writeString(trace.traceparent(), target);
    writeString(trace.tracestate(), target);
  }

  static TraceContext readTrace(DataInputView source) throws IOException {
    return new TraceContext(readString(source), readString(source));
  }

  // Flink's own form of a string has no limit of 64 KiB, unlike writeUTF.
  static void writeString(@Nullable String text, DataOutputView target) throws IOException {
    StringValue.writeString(text, target);
  }

  static String readString(DataInputView source) throws IOException {
    return StringValue.readString(source);
  }

  static @Nullable String readNullableString(DataInputView source) throws IOException {
    return StringValue.readString(source);
  }
}
