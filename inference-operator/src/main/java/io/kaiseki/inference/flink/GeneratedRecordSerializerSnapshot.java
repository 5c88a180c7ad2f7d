package io.kaiseki.inference.flink;

import java.io.IOException;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;

/**
 * What a savepoint keeps of a {@link GeneratedRecordSerializer}: the class and the schema. A
 * changed schema is migrated where Avro resolves the old one.
 */
public final class GeneratedRecordSerializerSnapshot<R extends SpecificRecord>
    implements TypeSerializerSnapshot<R> {

  private static final int VERSION = 1;

  private @Nullable Class<R> type;
  private @Nullable String schema;

  /** For Flink, which fills it from a savepoint. */
  public GeneratedRecordSerializerSnapshot() {}

  GeneratedRecordSerializerSnapshot(GeneratedRecordSerializer<R> serializer) {
    type = serializer.type();
    schema = serializer.writerSchema();
  }

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    out.writeUTF(Objects.requireNonNull(type).getName());
    StringValue.writeString(schema, out);
  }

  @Override
  public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
    type = InstantiationUtil.resolveClassByName(in, loader);
    schema = StringValue.readString(in);
  }

  @Override
  public TypeSerializer<R> restoreSerializer() {
    return new GeneratedRecordSerializer<>(
        Objects.requireNonNull(type), Objects.requireNonNull(schema));
  }

  @Override
  public TypeSerializerSchemaCompatibility<R> resolveSchemaCompatibility(
      TypeSerializerSnapshot<R> older) {
    if (!(older instanceof GeneratedRecordSerializerSnapshot<R> before)
        || !Objects.equals(type, before.type)) {
      return TypeSerializerSchemaCompatibility.incompatible();
    }
    if (Objects.equals(schema, before.schema)) {
      return TypeSerializerSchemaCompatibility.compatibleAsIs();
    }
    return SchemaCompatibility.checkReaderWriterCompatibility(parsed(schema), parsed(before.schema))
                .getType()
            == SchemaCompatibilityType.COMPATIBLE
        ? TypeSerializerSchemaCompatibility.compatibleAfterMigration()
        : TypeSerializerSchemaCompatibility.incompatible();
  }

  private static Schema parsed(@Nullable String schema) {
    return new Schema.Parser().parse(Objects.requireNonNull(schema));
  }
}
