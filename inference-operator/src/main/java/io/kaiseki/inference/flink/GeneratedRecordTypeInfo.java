package io.kaiseki.inference.flink;

import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Type information of a class that Avro generated, with Avro binary between the subtasks. A job
 * needs it where a function of its own returns such a record and flink-avro is not on its class
 * path: {@code stream.map(…).returns(GeneratedRecordTypeInfo.forClass(TicketAnswer.class))}.
 *
 * @param <R> the generated class
 */
public final class GeneratedRecordTypeInfo<R extends SpecificRecord> extends TypeInformation<R> {

  private static final long serialVersionUID = 1L;

  private final Class<R> type;

  private GeneratedRecordTypeInfo(Class<R> type) {
    this.type = Objects.requireNonNull(type, "type");
  }

  /** Type information of a generated class. */
  public static <R extends SpecificRecord> GeneratedRecordTypeInfo<R> forClass(Class<R> type) {
    return new GeneratedRecordTypeInfo<>(type);
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<R> getTypeClass() {
    return type;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<R> createSerializer(SerializerConfig config) {
    return new GeneratedRecordSerializer<>(type);
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof GeneratedRecordTypeInfo;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GeneratedRecordTypeInfo<?> that && type.equals(that.type);
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }

  @Override
  public String toString() {
    return type.getSimpleName();
  }
}
