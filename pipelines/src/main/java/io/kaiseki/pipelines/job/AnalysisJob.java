package io.kaiseki.pipelines.job;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.AsyncInference;
import io.kaiseki.inference.flink.InferenceStreams;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.Rejection.Stage;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.function.SerializableFunction;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * The streaming job of one analysis.
 *
 * <pre>
 * documents ─▶ decode and prepare ─▶ analyse ─▶ results
 *                      │                 └────▶ dead letters
 *                      └───────────────────────▶ dead letters
 * </pre>
 *
 * <p>Every record of the documents topic ends in exactly one of the two. The uids of its operators
 * are part of the product: state is found by them after an upgrade.
 *
 * @param definition what is asked of every document, and the topics
 * @param settings connections and delivery
 * @param engine where each subtask gets its engine
 * @param schemas ids of the schemas that it writes
 */
public record AnalysisJob(
    AnalysisDefinition definition, JobSettings settings, EngineSource engine, SchemaIds schemas) {

  /** Adds the job to an environment. Nothing is started and no connection made. */
  public void addTo(StreamExecutionEnvironment environment) {
    Analysis analysis = definition.toAnalysis();
    SingleOutputStreamOperator<PreparedDocument> documents =
        environment
            .fromSource(source(), WatermarkStrategy.noWatermarks(), "documents")
            .uid("documents")
            .transform(
                "decode and prepare",
                RecordTypes.PREPARED_DOCUMENT,
                new DecodeOperator.Factory(
                    settings.registry(),
                    new DocumentText(definition.limits().documentCharacters())))
            .uid("decode");
    InferenceStreams<PreparedDocument> outcomes =
        AnalysisJob.<PreparedDocument>operator(
                definition, engine, PreparedDocument::id, PreparedDocument::text)
            .apply(documents);

    ResultEnvelope envelope = ResultEnvelope.of(analysis.name(), definition.resultSchema());
    outcomes
        .answered()
        .sinkTo(
            sink(
                "results",
                new ResultRecordSerializer(
                    definition.topics().results(), analysis, envelope, schemas.results())))
        .name("results")
        .uid("results");

    DataStream<Rejection> failed =
        outcomes
            .failed()
            .map(AnalysisJob::rejection)
            .returns(RecordTypes.REJECTION)
            .name("failed to dead letter")
            .uid("failed");
    documents
        .getSideOutput(DecodeOperator.REJECTED)
        .union(failed)
        .sinkTo(
            sink(
                "dead-letters",
                new DeadLetterRecordSerializer(
                    definition.topics().deadLetters(),
                    settings.name(),
                    analysis,
                    schemas.deadLetters(),
                    LargestRecord.of(settings.kafka()))))
        .name("dead letters")
        .uid("dead-letters");
  }

  // The connector's interface still asks for Kafka's deprecated type.
  @SuppressWarnings("deprecation")
  private KafkaSource<RawRecord> source() {
    return KafkaSource.<RawRecord>builder()
        .setProperties(settings.kafka().properties())
        .setTopics(definition.topics().documents())
        .setGroupId(settings.name())
        // Without a checkpoint, go on where this group was last seen, and else begin at the start.
        .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
        .setDeserializer(new RawRecordDeserializer())
        .build();
  }

  /**
   * The operator that asks an analysis about documents, with all the settings that the analysis has
   * for it. Whoever measures an analysis measures this.
   *
   * @param engine where each subtask gets its engine
   * @param id the id of a document
   * @param text the text of a document
   */
  public static <T> AsyncInference<T> operator(
      AnalysisDefinition definition,
      EngineSource engine,
      SerializableFunction<? super T, String> id,
      SerializableFunction<? super T, String> text) {
    AsyncInference.Builder<T> builder =
        AsyncInference.<T>builder()
            .analysis(definition.toAnalysis())
            .engine(engine)
            .documentId(id)
            .text(text)
            .slots(definition.model().slots())
            .deadline(definition.limits().deadline());
    return (definition.ordered() ? builder.ordered() : builder.unordered()).build();
  }

  private <T> KafkaSink<T> sink(String role, KafkaRecordSerializationSchema<T> serializer) {
    DeliverySettings delivery = settings.delivery();
    Properties properties = settings.kafka().properties();
    LargestRecord.of(settings.kafka()).applyTo(properties);
    boolean exactlyOnce = delivery.guarantee() == DeliverySettings.Guarantee.EXACTLY_ONCE;
    if (exactlyOnce) {
      properties.put(
          "transaction.timeout.ms", String.valueOf(delivery.transactionTimeout().toMillis()));
    }
    return KafkaSink.<T>builder()
        .setKafkaProducerConfig(properties)
        .setBootstrapServers(settings.kafka().bootstrapServers())
        .setDeliveryGuarantee(
            exactlyOnce ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
        .setTransactionalIdPrefix(settings.name() + "-" + role)
        .setRecordSerializer(serializer)
        .build();
  }

  private static Rejection rejection(Inferred<PreparedDocument, Outcome.Failed> failed) {
    return new Rejection(
        failed.input().source(),
        failed.input().id(),
        Stage.ANALYSE,
        failed.outcome().reason(),
        failed.outcome().message(),
        failed.attempts());
  }
}
