package io.kaiseki.inference.flink;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Outcome;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Type information of {@link Inferred}: documents by their own serializer, answers as Avro binary
 * under the analysis' contract. A job needs it where its own function returns an {@code Inferred}:
 * {@code stream.map(…).returns(InferredTypeInfo.answered(…))}.
 *
 * @param <T> type of the document
 * @param <O> kind of outcome
 */
public final class InferredTypeInfo<T, O extends Outcome> extends TypeInformation<Inferred<T, O>> {

  private static final long serialVersionUID = 1L;

  private final TypeInformation<T> input;
  private final Class<O> outcome;
  private final String answerSchema;

  private InferredTypeInfo(TypeInformation<T> input, Class<O> outcome, Schema answerSchema) {
    this.input = Objects.requireNonNull(input, "input");
    this.outcome = outcome;
    this.answerSchema = answerSchema.toString();
  }

  /** Documents that ended in either way. */
  public static <T> InferredTypeInfo<T, Outcome> of(TypeInformation<T> input, Analysis analysis) {
    return new InferredTypeInfo<>(input, Outcome.class, analysis.contract().schema());
  }

  /** Documents that were answered. */
  public static <T> InferredTypeInfo<T, Outcome.Answered> answered(
      TypeInformation<T> input, Analysis analysis) {
    return new InferredTypeInfo<>(input, Outcome.Answered.class, analysis.contract().schema());
  }

  /** Documents that failed. */
  public static <T> InferredTypeInfo<T, Outcome.Failed> failed(
      TypeInformation<T> input, Analysis analysis) {
    return new InferredTypeInfo<>(input, Outcome.Failed.class, analysis.contract().schema());
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
    return Inferred.class.getRecordComponents().length;
  }

  @Override
  public int getTotalFields() {
    return getArity();
  }

  // Inferred<T, O> has one class at run time, whatever its parameters.
  @SuppressWarnings("unchecked")
  @Override
  public Class<Inferred<T, O>> getTypeClass() {
    return (Class<Inferred<T, O>>) (Class<?>) Inferred.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<Inferred<T, O>> createSerializer(SerializerConfig config) {
    return new InferredSerializer<>(
        input.createSerializer(config), outcome, new Schema.Parser().parse(answerSchema));
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof InferredTypeInfo;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InferredTypeInfo<?, ?> that
        && input.equals(that.input)
        && outcome.equals(that.outcome)
        && answerSchema.equals(that.answerSchema);
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, outcome, answerSchema);
  }

  @Override
  public String toString() {
    return "Inferred<" + input + ", " + outcome.getSimpleName() + ">";
  }
}
