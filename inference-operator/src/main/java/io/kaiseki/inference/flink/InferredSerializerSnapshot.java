package io.kaiseki.inference.flink;

import io.kaiseki.inference.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.flink.api.common.typeutils.CompositeTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;
import org.jspecify.annotations.Nullable;

/**
 * What a savepoint remembers about an {@link InferredSerializer}. Its state can be read after the
 * contract changed wherever Avro's resolution rules allow it: an added field needs a default.
 * Public because Flink instantiates it by reflection; not for use by jobs.
 */
public final class InferredSerializerSnapshot<T, O extends Outcome>
    extends CompositeTypeSerializerSnapshot<Inferred<T, O>, InferredSerializer<T, O>> {

  private static final int VERSION = 1;

  private @Nullable Class<O> outcome;
  private @Nullable Schema answerSchema;

  /** Called by Flink before it reads a snapshot into the new instance. */
  public InferredSerializerSnapshot() {}

  InferredSerializerSnapshot(InferredSerializer<T, O> serializer) {
    super(serializer);
    this.outcome = serializer.outcome();
    this.answerSchema = serializer.answerSchema();
  }

  @Override
  protected int getCurrentOuterSnapshotVersion() {
    return VERSION;
  }

  @Override
  protected void writeOuterSnapshot(DataOutputView out) throws IOException {
    StringValue.writeString(read(outcome).getName(), out);
    StringValue.writeString(read(answerSchema).toString(), out);
  }

  @Override
  protected void readOuterSnapshot(int version, DataInputView in, ClassLoader userClassLoader)
      throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "the state holds Inferred records of format "
              + version
              + ", but this version of the library reads format "
              + VERSION);
    }
    outcome = outcomeNamed(StringValue.readString(in));
    answerSchema = new Schema.Parser().parse(StringValue.readString(in));
  }

  @Override
  protected OuterSchemaCompatibility resolveOuterSchemaCompatibility(
      TypeSerializerSnapshot<Inferred<T, O>> oldSnapshot) {
    if (!(oldSnapshot instanceof InferredSerializerSnapshot<T, O> old)
        || !read(outcome).equals(old.outcome)) {
      return OuterSchemaCompatibility.INCOMPATIBLE;
    }
    if (read(answerSchema).equals(old.answerSchema)) {
      return OuterSchemaCompatibility.COMPATIBLE_AS_IS;
    }
    var resolution =
        SchemaCompatibility.checkReaderWriterCompatibility(answerSchema, old.answerSchema);
    return resolution.getType() == SchemaCompatibilityType.COMPATIBLE
        ? OuterSchemaCompatibility.COMPATIBLE_AFTER_MIGRATION
        : OuterSchemaCompatibility.INCOMPATIBLE;
  }

  @Override
  protected TypeSerializer<?>[] getNestedSerializers(InferredSerializer<T, O> serializer) {
    return new TypeSerializer<?>[] {serializer.input()};
  }

  // The one nested serializer is the input's: getNestedSerializers says so.
  @SuppressWarnings("unchecked")
  @Override
  protected InferredSerializer<T, O> createOuterSerializerWithNestedSerializers(
      TypeSerializer<?>[] nested) {
    return new InferredSerializer<>(
        (TypeSerializer<T>) nested[0], read(outcome), read(answerSchema));
  }

  // One of the three kinds that InferredTypeInfo hands out; its snapshot knows no other.
  @SuppressWarnings("unchecked")
  private Class<O> outcomeNamed(String name) throws IOException {
    for (Class<?> kind : List.of(Outcome.class, Outcome.Answered.class, Outcome.Failed.class)) {
      if (kind.getName().equals(name)) {
        return (Class<O>) kind;
      }
    }
    throw new IOException("the state holds outcomes of an unknown kind: " + name);
  }

  private static <F> F read(@Nullable F field) {
    return Objects.requireNonNull(field, "snapshot was not read yet");
  }
}
