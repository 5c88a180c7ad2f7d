package io.kaiseki.pipelines.job;

import io.kaiseki.inference.flink.OpaqueTypeInfo;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Type information of a record that has a serializer of its own and is no key. */
final class ImmutableRecordTypeInfo<T> extends OpaqueTypeInfo<T> {

  private static final long serialVersionUID = 1L;

  private final ImmutableRecordSerializer<T> serializer;

  ImmutableRecordTypeInfo(Class<T> type, ImmutableRecordSerializer<T> serializer) {
    super(type);
    this.serializer = serializer;
  }

  @Override
  public TypeSerializer<T> createSerializer(SerializerConfig config) {
    return serializer;
  }
}
