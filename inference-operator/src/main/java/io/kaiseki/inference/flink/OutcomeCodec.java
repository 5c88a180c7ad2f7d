package io.kaiseki.inference.flink;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.DocumentReading;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.telemetry.TraceContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of outcomes, field by field. Enums go by name, so that a new reason between two
 * old ones does not change the meaning of bytes already written; times are nanoseconds. Not
 * thread-safe.
 */
final class OutcomeCodec {

  private static final int FAILED = 0;

  /** Answers as they were written before they could be reused or abstain; still read. */
  private static final int PLAIN_ANSWERED = 1;

  /** Answers as they were written before long documents were cut and values masked; still read. */
  private static final int WHOLE_ANSWERED = 2;

  /** Answers as they were written before there was a second engine; still read. */
  private static final int OWN_ANSWERED = 3;

  private static final int ANSWERED = 4;

  /** In front of an outcome whose document belongs to a trace. */
  static final int TRACED = 5;

  private final AnswerCodec answers;

  OutcomeCodec(Schema answerSchema) {
    this.answers = new AnswerCodec(answerSchema);
  }

  void write(Outcome outcome, DataOutputView target) throws IOException {
    if (outcome instanceof Outcome.Failed failed) {
      target.writeByte(FAILED);
      writeString(failed.reason().name(), target);
      writeString(failed.message(), target);
    } else if (outcome instanceof Outcome.Answered answered) {
      target.writeByte(ANSWERED);
      writeCompletion(answered.completion(), target);
      writeReading(answered.completion().reading(), target);
      writeEscalation(answered.completion().escalation(), target);
    }
  }

  /**
   * Reads an outcome.
   *
   * @param kind the byte that it starts with, which has been read
   */
  Outcome read(int kind, DataInputView source) throws IOException {
    return switch (kind) {
      case FAILED ->
          new Outcome.Failed(FailureReason.valueOf(readString(source)), readString(source));
      case PLAIN_ANSWERED -> new Outcome.Answered(readCompletion(source, true));
      case WHOLE_ANSWERED -> new Outcome.Answered(readCompletion(source, false));
      case OWN_ANSWERED ->
          new Outcome.Answered(readCompletion(source, false).withReading(readReading(source)));
      case ANSWERED ->
          new Outcome.Answered(
              readCompletion(source, false)
                  .withReading(readReading(source))
                  .withEscalation(readEscalation(source)));
      default -> throw new IOException("an outcome starts with 0 to 4, but here with " + kind);
    };
  }

  /** Shares all that is immutable; only an answer is not. */
  Outcome copy(Outcome outcome) {
    if (!(outcome instanceof Outcome.Answered answered)) {
      return outcome;
    }
    Completion of = answered.completion();
    return new Outcome.Answered(of.withAnswer(answers.copy(of.answer())));
  }

  /** Writes nothing for a document that belongs to no trace. */
  static void writeTrace(TraceContext trace, DataOutputView target) throws IOException {
    if (trace.isPresent()) {
      target.writeByte(TRACED);
      writeString(trace.traceparent(), target);
      writeString(trace.tracestate(), target);
    }
  }

  /** Reads what follows {@link #TRACED}. */
  static TraceContext readTrace(DataInputView source) throws IOException {
    return new TraceContext(readString(source), readString(source));
  }

  static void writeEngine(EngineDescription engine, DataOutputView target) throws IOException {
    writeString(engine.engine(), target);
    writeString(engine.build(), target);
    writeString(engine.model(), target);
    writeString(engine.modelSha256(), target);
    target.writeInt(engine.slots());
    target.writeInt(engine.contextTokens());
  }

  static EngineDescription readEngine(DataInputView source) throws IOException {
    return new EngineDescription(
        readString(source),
        readString(source),
        readString(source),
        readString(source),
        source.readInt(),
        source.readInt());
  }

  private void writeCompletion(Completion completion, DataOutputView target) throws IOException {
    answers.write(completion.answer(), target);
    target.writeInt(completion.confidences().size());
    for (FieldConfidence confidence : completion.confidences()) {
      writeConfidence(confidence, target);
    }
    writeNullableString(completion.reasoning(), target);
    writeUsage(completion.usage(), target);
    writeString(completion.finishReason().name(), target);
    target.writeLong(completion.timings().queued().toNanos());
    target.writeLong(completion.timings().timeToFirstToken().toNanos());
    target.writeLong(completion.timings().total().toNanos());
    target.writeBoolean(completion.reused());
  }

  private Completion readCompletion(DataInputView source, boolean plain) throws IOException {
    return new Completion(
        answers.read(source),
        readConfidences(source, plain),
        readNullableString(source),
        readUsage(source),
        FinishReason.valueOf(readString(source)),
        new Timings(
            Duration.ofNanos(source.readLong()),
            Duration.ofNanos(source.readLong()),
            Duration.ofNanos(source.readLong())),
        !plain && source.readBoolean());
  }

  private static void writeConfidence(FieldConfidence confidence, DataOutputView target)
      throws IOException {
    writeString(confidence.field(), target);
    writeString(confidence.label(), target);
    target.writeDouble(confidence.probability());
    target.writeInt(confidence.distribution().size());
    for (Map.Entry<String, Double> label : confidence.distribution().entrySet()) {
      writeString(label.getKey(), target);
      target.writeDouble(label.getValue());
    }
    target.writeBoolean(confidence.abstained());
  }

  private static List<FieldConfidence> readConfidences(DataInputView source, boolean plain)
      throws IOException {
    List<FieldConfidence> confidences = new ArrayList<>();
    for (int left = source.readInt(); left > 0; left--) {
      String field = readString(source);
      String label = readString(source);
      double probability = source.readDouble();
      Map<String, Double> distribution = new LinkedHashMap<>();
      for (int labels = source.readInt(); labels > 0; labels--) {
        distribution.put(readString(source), source.readDouble());
      }
      confidences.add(
          new FieldConfidence(
              field, label, probability, distribution, !plain && source.readBoolean()));
    }
    return confidences;
  }

  private static void writeUsage(TokenUsage usage, DataOutputView target) throws IOException {
    target.writeInt(usage.prefix());
    target.writeBoolean(usage.prefixReused());
    target.writeInt(usage.document());
    target.writeInt(usage.reasoning());
    target.writeInt(usage.answer());
    target.writeInt(usage.forced());
  }

  private static TokenUsage readUsage(DataInputView source) throws IOException {
    return new TokenUsage(
        source.readInt(),
        source.readBoolean(),
        source.readInt(),
        source.readInt(),
        source.readInt(),
        source.readInt());
  }

  private static void writeReading(DocumentReading reading, DataOutputView target)
      throws IOException {
    target.writeInt(reading.chunks());
    target.writeBoolean(reading.truncated());
    target.writeInt(reading.masked().size());
    for (Map.Entry<String, Integer> masked : reading.masked().entrySet()) {
      writeString(masked.getKey(), target);
      target.writeInt(masked.getValue());
    }
  }

  private static DocumentReading readReading(DataInputView source) throws IOException {
    int chunks = source.readInt();
    boolean truncated = source.readBoolean();
    Map<String, Integer> masked = new LinkedHashMap<>();
    for (int kinds = source.readInt(); kinds > 0; kinds--) {
      masked.put(readString(source), source.readInt());
    }
    return new DocumentReading(chunks, truncated, masked);
  }

  private static void writeEscalation(@Nullable Escalation escalation, DataOutputView target)
      throws IOException {
    target.writeBoolean(escalation != null);
    if (escalation != null) {
      writeEngine(escalation.answeredBy(), target);
      writeUsage(escalation.usage(), target);
      target.writeLong(escalation.total().toNanos());
      target.writeDouble(escalation.leastConfidence());
    }
  }

  private static @Nullable Escalation readEscalation(DataInputView source) throws IOException {
    return source.readBoolean()
        ? new Escalation(
            readEngine(source),
            readUsage(source),
            Duration.ofNanos(source.readLong()),
            source.readDouble())
        : null;
  }

  // Flink's own form of a string: no 64 KiB limit, unlike writeUTF, and lone surrogates survive.
  private static void writeString(String text, DataOutputView target) throws IOException {
    StringValue.writeString(text, target);
  }

  private static String readString(DataInputView source) throws IOException {
    return StringValue.readString(source);
  }

  private static void writeNullableString(@Nullable String text, DataOutputView target)
      throws IOException {
    StringValue.writeString(text, target);
  }

  private static @Nullable String readNullableString(DataInputView source) throws IOException {
    return StringValue.readString(source);
  }
}
