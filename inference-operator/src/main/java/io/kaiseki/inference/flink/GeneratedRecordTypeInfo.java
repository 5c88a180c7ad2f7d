package io.kaiseki.inference.flink;

import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Type information of a class that Avro generated, with Avro binary between the subtasks. A job
 * needs it where a function of its own returns such a record and flink-avro is not on its class
 * path: {@code stream.map(…).returns(GeneratedRecordTypeInfo.forClass(TicketAnswer.class))}.
 *
 * @param <R> the generated class
 */
public final class GeneratedRecordTypeInfo<R extends SpecificRecord> extends OpaqueTypeInfo<R> {

  private static final long serialVersionUID = 1L;

  private GeneratedRecordTypeInfo(Class<R> type) {
    super(type);
  }

  /** Type information of a generated class. */
  public static <R extends SpecificRecord> GeneratedRecordTypeInfo<R> forClass(Class<R> type) {
    return new GeneratedRecordTypeInfo<>(type);
  }

  @Override
  public TypeSerializer<R> createSerializer(SerializerConfig config) {
    return new GeneratedRecordSerializer<>(getTypeClass());
  }
}
