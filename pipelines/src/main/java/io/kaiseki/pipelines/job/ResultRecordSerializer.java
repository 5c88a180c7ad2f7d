package io.kaiseki.pipelines.job;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.schemas.EngineSettings;
import io.kaiseki.schemas.EscalatedFrom;
import io.kaiseki.schemas.FieldConfidence;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.Timings;
import io.kaiseki.schemas.TokenUsage;
import io.kaiseki.schemas.envelope.Result;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes a result: the envelope in the Confluent wire format, keyed by the document's id in UTF-8.
 * The record's timestamp is that of writing, because the retention of the topic goes by it, and a
 * document may be years old.
 */
final class ResultRecordSerializer
    implements KafkaRecordSerializationSchema<Inferred<PreparedDocument, Outcome.Answered>> {

  private static final long serialVersionUID = 1L;

  private final String topic;
  private final Analysis analysis;
  private final ResultEnvelope envelope;
  private final int schemaId;
  private final boolean keepReasoning;
  private transient @Nullable AvroEncoder encoder;

  /**
   * @param keepReasoning whether results hold what the model thought
   */
  ResultRecordSerializer(
      String topic,
      Analysis analysis,
      ResultEnvelope envelope,
      int schemaId,
      boolean keepReasoning) {
    this.topic = topic;
    this.analysis = analysis;
    this.envelope = envelope;
    this.schemaId = schemaId;
    this.keepReasoning = keepReasoning;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Inferred<PreparedDocument, Outcome.Answered> inferred,
      KafkaSinkContext context,
      @Nullable Long timestamp) {
    return encode(inferred);
  }

  /** The topic of all results. */
  String topic() {
    return topic;
  }

  /** The record for the topic of all results. */
  ProducerRecord<byte[], byte[]> encode(Inferred<PreparedDocument, Outcome.Answered> inferred) {
    return encode(inferred, keepReasoning);
  }

  /** The same without what the model thought; empty where it holds nothing of that anyway. */
  Optional<ProducerRecord<byte[], byte[]>> encodeWithoutReasoning(
      Inferred<PreparedDocument, Outcome.Answered> inferred) {
    return keepReasoning && inferred.outcome().completion().reasoning() != null
        ? Optional.of(encode(inferred, false))
        : Optional.empty();
  }

  private ProducerRecord<byte[], byte[]> encode(
      Inferred<PreparedDocument, Outcome.Answered> inferred, boolean withReasoning) {
    if (encoder == null) {
      encoder = new AvroEncoder(schemaId, envelope.schema());
    }
    PreparedDocument document = inferred.input();
    Completion completion = inferred.outcome().completion();
    Result result =
        new Result(
            document.id(),
            completion.answer(),
            confidences(completion),
            withReasoning ? completion.reasoning() : null,
            provenance(inferred, completion));
    return new ProducerRecord<>(
        topic,
        document.id().getBytes(StandardCharsets.UTF_8),
        encoder.encode(envelope.seal(result)));
  }

  private static List<FieldConfidence> confidences(Completion completion) {
    return completion.confidences().stream()
        .map(
            confidence ->
                FieldConfidence.newBuilder()
                    .setField(confidence.field())
                    .setLabel(confidence.label())
                    .setProbability(confidence.probability())
                    .setDistribution(confidence.distribution())
                    .setAbstained(confidence.abstained())
                    .build())
        .toList();
  }

  private Provenance provenance(
      Inferred<PreparedDocument, Outcome.Answered> inferred, Completion completion) {
    Escalation escalation = completion.escalation();
    EngineDescription engine = escalation == null ? inferred.engine() : escalation.answeredBy();
    RawRecord source = inferred.input().source();
    return Provenance.newBuilder()
        .setEngine(engine.engine())
        .setBuild(engine.build())
        .setModel(engine.model())
        .setModelSha256(engine.modelSha256())
        .setAnalysis(analysis.name())
        .setAnalysisVersion(analysis.version())
        .setSettings(new EngineSettings(engine.slots(), engine.contextTokens()))
        .setReasoning(asText(analysis.reasoning()))
        .setUsage(usage(completion.usage()))
        .setTimings(
            new Timings(
                completion.timings().queued().toMillis(),
                completion.timings().timeToFirstToken().toMillis(),
                completion.timings().total().toMillis()))
        .setReused(completion.reused())
        .setChunks(completion.reading().chunks())
        .setTruncated(completion.reading().truncated())
        .setMasked(completion.reading().masked())
        .setEscalatedFrom(escalation == null ? null : escalatedFrom(inferred.engine(), escalation))
        .setAttempts(inferred.attempts())
        .setFinishReason(completion.finishReason().name())
        .setDocumentSha256(inferred.input().textSha256())
        .setSourceTopic(source.topic())
        .setSourcePartition(source.partition())
        .setSourceOffset(source.offset())
        .setCompletedAt(Instant.now())
        .build();
  }

  private static EscalatedFrom escalatedFrom(EngineDescription first, Escalation escalation) {
    return new EscalatedFrom(
        first.engine(),
        first.build(),
        first.model(),
        first.modelSha256(),
        usage(escalation.usage()),
        escalation.total().toMillis(),
        escalation.leastConfidence());
  }

  private static TokenUsage usage(io.kaiseki.inference.TokenUsage usage) {
    return new TokenUsage(
        usage.prefix(),
        usage.prefixReused(),
        usage.document(),
        usage.reasoning(),
        usage.answer(),
        usage.forced());
  }

  private static String asText(ReasoningPolicy policy) {
    if (policy instanceof ReasoningPolicy.Off) {
      return "off";
    }
    if (policy instanceof ReasoningPolicy.Always always) {
      return "always(" + always.budget() + ")";
    }
    if (policy instanceof ReasoningPolicy.WhenUnsure unsure) {
      return "when-unsure(" + unsure.threshold() + ", " + unsure.budget() + ")";
    }
    throw new IllegalStateException("a reasoning policy without a name: " + policy);
  }
}
