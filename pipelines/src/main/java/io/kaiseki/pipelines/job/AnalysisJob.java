package io.kaiseki.pipelines.job;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.AsyncInference;
import io.kaiseki.inference.flink.InferenceStreams;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.job.Rejection.Stage;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.function.SerializableFunction;

/**
 * The job of one analysis: what is done with every document, wherever it comes from.
 *
 * <pre>
 * documents ─▶ decode and prepare ─▶ analyse ─▶ route ─▶ results, topics of routes
 *                      │                 │         │
 *                      └─────────────────┴─────────┴────▶ dead letters
 * </pre>
 *
 * <p>Every record of the input ends as a dead letter or in the topic of results, exactly one of the
 * two; routes add copies of a result for other topics, within the same transactions. The uids of
 * its operators are part of the product: state is found by them after an upgrade.
 *
 * @param definition what is asked of every document, and the topics
 * @param settings connections and delivery
 * @param engine where each subtask gets its engine
 * @param schemas ids of the schemas that it writes
 * @param input where the documents come from
 */
public record AnalysisJob(
    AnalysisDefinition definition,
    JobSettings settings,
    EngineSource engine,
    SchemaIds schemas,
    JobInput input) {

  private static final String RESULTS = "results";

  /** The streaming job: documents of the analysis' topic, as they arrive. */
  public AnalysisJob(
      AnalysisDefinition definition, JobSettings settings, EngineSource engine, SchemaIds schemas) {
    this(definition, settings, engine, schemas, new LiveInput(definition, settings));
  }

  /** Adds the job to an environment. Nothing is started and no connection made. */
  public void addTo(StreamExecutionEnvironment environment) {
    Analysis analysis = definition.toAnalysis();
    JobInput.Records records = input.records(environment);
    SingleOutputStreamOperator<PreparedDocument> documents =
        records
            .readable()
            .transform(
                "decode and prepare",
                RecordTypes.PREPARED_DOCUMENT,
                new DecodeOperator.Factory(
                    new CheckpointedOrigin.Source(settings.kafka(), input.topic().orElse(null)),
                    settings.registry(),
                    new DocumentText(definition.limits().documentCharacters()),
                    settings.delivery()))
            .uid("decode");
    InferenceStreams<PreparedDocument> outcomes =
        AnalysisJob.<PreparedDocument>builder(
                definition, engine, input.lane(), PreparedDocument::id, PreparedDocument::text)
            .trace(RecordSpans::of)
            .build()
            .apply(input.prepared(documents));

    ResultEnvelope envelope = ResultEnvelope.of(analysis.name(), definition.resultSchema());
    KafkaSettings kafka = settings.kafka();
    SingleOutputStreamOperator<OutgoingRecord> results =
        input
            .answered(outcomes.answered())
            .process(
                new RouteResults(
                    new ResultRecordSerializer(
                        definition.topics().results(),
                        analysis,
                        envelope,
                        schemas.results(),
                        definition.handling().keepReasoning()),
                    definition.toRouter(),
                    topics -> LargestResult.ask(kafka, topics)),
                RecordTypes.OUTGOING_RECORD)
            .name("route")
            .uid("route");
    results.sinkTo(sink(RESULTS, new OutgoingRecordWriter())).name(RESULTS).uid(RESULTS);

    DataStream<Rejection> failed =
        outcomes
            .failed()
            .map(AnalysisJob::rejection)
            .returns(RecordTypes.REJECTION)
            .name("failed to dead letter")
            .uid("failed");
    DataStream<Rejection> rejected =
        documents
            .getSideOutput(DecodeOperator.REJECTED)
            .union(failed, input.unwritten(results.getSideOutput(RouteResults.TOO_LARGE)));
    input
        .rejected(
            records
                .unreadable()
                .<DataStream<Rejection>>map(more -> rejected.union(more))
                .orElse(rejected))
        .sinkTo(
            sink(
                "dead-letters",
                new DeadLetterRecordSerializer(
                    definition.topics().deadLetters(),
                    settings.name(),
                    analysis,
                    schemas.deadLetters(),
                    largestDeadLetter())))
        .name("dead letters")
        .uid("dead-letters");
  }

  /**
   * The operator that asks an analysis about documents, with all the settings that the analysis has
   * for it. Whoever measures an analysis measures this.
   *
   * @param engine where each subtask gets its engine
   * @param lane the class of service of the documents
   * @param id the id of a document
   * @param text the text of a document
   */
  public static <T> AsyncInference<T> operator(
      AnalysisDefinition definition,
      EngineSource engine,
      Lane lane,
      SerializableFunction<? super T, String> id,
      SerializableFunction<? super T, String> text) {
    return builder(definition, engine, lane, id, text).build();
  }

  private static <T> AsyncInference.Builder<T> builder(
      AnalysisDefinition definition,
      EngineSource engine,
      Lane lane,
      SerializableFunction<? super T, String> id,
      SerializableFunction<? super T, String> text) {
    AsyncInference.Builder<T> builder =
        AsyncInference.<T>builder()
            .analysis(definition.toAnalysis())
            .engine(engine)
            .documentId(id)
            .text(text)
            .lane(lane)
            .slots(definition.model().slots())
            .deadline(definition.limits().deadline());
    return definition.ordered() ? builder.ordered() : builder.unordered();
  }

  /** What the transactional ids of a job's results begin with, before subtask and number. */
  public static String transactionsOfResults(JobSettings settings) {
    return transactions(settings, RESULTS);
  }

  private static String transactions(JobSettings settings, String role) {
    return settings.name() + "-" + role;
  }

  private <T> Sink<T> sink(String role, KafkaRecordSerializationSchema<T> serializer) {
    boolean exactlyOnce =
        settings.delivery().guarantee() == DeliverySettings.Guarantee.EXACTLY_ONCE;
    KafkaSink<T> sink =
        KafkaSink.<T>builder()
            .setKafkaProducerConfig(ClientProperties.producer(settings))
            .setBootstrapServers(settings.kafka().bootstrapServers())
            .setDeliveryGuarantee(
                exactlyOnce ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
            .setTransactionalIdPrefix(transactions(settings, role))
            .setRecordSerializer(serializer)
            .build();
    return exactlyOnce ? new LossReportingSink<>(sink, settings.kafka(), remedy()) : sink;
  }

  /** What to do where the broker has given up results that a checkpoint counts as done. */
  private String remedy() {
    return "Repair it by: kaiseki backfill %s --from topic:%s; it skips what has a result"
        .formatted(definition.name(), definition.topics().documents());
  }

  private LargestRecord largestDeadLetter() {
    LargestRecord own = LargestRecord.of(settings.kafka());
    return new LargestRecord(Math.min(own.bytes(), input.largestDeadLetter().orElse(own.bytes())));
  }

  private static Rejection rejection(Inferred<PreparedDocument, Outcome.Failed> failed) {
    return new Rejection(
        failed.input().source(),
        failed.input().id(),
        Stage.ANALYSE,
        failed.outcome().reason(),
        failed.outcome().message(),
        failed.attempts(),
        failed.trace());
  }
}
