package io.kaiseki.inference.flink;

import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.telemetry.TraceContext;
import java.io.IOException;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** The serializer behind {@link InferredTypeInfo}. */
final class InferredSerializer<T, O extends Outcome> extends TypeSerializer<Inferred<T, O>> {

  private static final long serialVersionUID = 1L;

  private final TypeSerializer<T> input;
  private final Class<O> outcome;
  private final Schema answerSchema;
  private transient @Nullable OutcomeCodec codec;

  InferredSerializer(TypeSerializer<T> input, Class<O> outcome, Schema answerSchema) {
    this.input = input;
    this.outcome = outcome;
    this.answerSchema = answerSchema;
  }

  TypeSerializer<T> input() {
    return input;
  }

  Class<O> outcome() {
    return outcome;
  }

  Schema answerSchema() {
    return answerSchema;
  }

  @Override
  public void serialize(Inferred<T, O> inferred, DataOutputView target) throws IOException {
    input.serialize(inferred.input(), target);
    OutcomeCodec.writeTrace(inferred.trace(), target);
    codec().write(inferred.outcome(), target);
    target.writeInt(inferred.attempts());
    OutcomeCodec.writeEngine(inferred.engine(), target);
  }

  @Override
  public Inferred<T, O> deserialize(DataInputView source) throws IOException {
    T document = input.deserialize(source);
    int kind = source.readByte();
    TraceContext trace = TraceContext.NONE;
    if (kind == OutcomeCodec.TRACED) {
      trace = OutcomeCodec.readTrace(source);
      kind = source.readByte();
    }
    return new Inferred<>(
        document,
        outcome.cast(codec().read(kind, source)),
        source.readInt(),
        OutcomeCodec.readEngine(source),
        trace);
  }

  /** A record is immutable, so there is nothing to reuse. */
  @Override
  public Inferred<T, O> deserialize(Inferred<T, O> reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public Inferred<T, O> copy(Inferred<T, O> from) {
    return new Inferred<>(
        input.copy(from.input()),
        outcome.cast(codec().copy(from.outcome())),
        from.attempts(),
        from.engine(),
        from.trace());
  }

  @Override
  public Inferred<T, O> copy(Inferred<T, O> from, Inferred<T, O> reuse) {
    return copy(from);
  }

  @Override
  public TypeSerializer<Inferred<T, O>> duplicate() {
    return new InferredSerializer<>(input.duplicate(), outcome, answerSchema);
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  /** There is no empty outcome to start from; Flink allows null for such types. */
  @Override
  public @Nullable Inferred<T, O> createInstance() {
    return null;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public TypeSerializerSnapshot<Inferred<T, O>> snapshotConfiguration() {
    return new InferredSerializerSnapshot<>(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InferredSerializer<?, ?> that
        && input.equals(that.input)
        && outcome.equals(that.outcome)
        && answerSchema.equals(that.answerSchema);
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, outcome, answerSchema);
  }

  private OutcomeCodec codec() {
    if (codec == null) {
      codec = new OutcomeCodec(answerSchema);
    }
    return codec;
  }
}
