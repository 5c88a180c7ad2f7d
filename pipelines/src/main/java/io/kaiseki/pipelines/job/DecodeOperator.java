package io.kaiseki.pipelines.job;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.telemetry.TraceContext;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.job.Rejection.Stage;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes records and prepares documents for the model. What can't be decoded or given to the model
 * goes to {@link #REJECTED}.
 *
 * <p>A registry that does not answer is no fault of the record: the record waits, with growing
 * pauses, and everything behind it waits too. That backpressure ends with the outage; no record
 * becomes a dead letter by it, and the job is restarted only where a checkpoint could come too late
 * for its transactions: see {@link TransactionAge}.
 *
 * <p>It is an operator rather than a function because a task that waits must go on with its mail.
 * In it comes word of complete checkpoints, whose transactions are committed then: if that waited
 * for the registry too, the broker would give them up in a long outage, and with them results that
 * no recovery brings back. Barriers do wait, since the record at hand is in no state yet.
 *
 * <p>Its state is what the offsets of a checkpoint belong to: see {@link CheckpointedOrigin}.
 */
final class DecodeOperator extends AbstractStreamOperator<PreparedDocument>
    implements OneInputStreamOperator<RawRecord, PreparedDocument> {

  static final OutputTag<Rejection> REJECTED = new OutputTag<>("rejected", RecordTypes.REJECTION);

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(DecodeOperator.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** How long mail may lie while a record waits. */
  private static final Duration MAIL_ROUND = Duration.ofMillis(20);

  /** In UTF-16 characters. Ids are keys and stand in every result, so they must not be texts. */
  private static final int LONGEST_ID = 1_000;

  private final CheckpointedOrigin.Source source;
  private final RegistrySettings registry;
  private final DocumentText documentText;
  private final DeliverySettings delivery;
  private final MailboxExecutor mailbox;
  private transient @Nullable CheckpointedOrigin origin;
  private transient @Nullable SchemaRegistryClient client;
  private transient @Nullable AvroDecoder<Document> decoder;
  private transient @Nullable Counter registryRetries;
  private transient @Nullable TransactionAge transactionAge;

  /** Read by the thread that reports metrics. */
  private transient volatile long lastCheckpointNanos;

  /** By stage and reason. */
  private final transient Map<String, Counter> rejected = new HashMap<>();

  private DecodeOperator(
      StreamOperatorParameters<PreparedDocument> parameters,
      CheckpointedOrigin.Source source,
      RegistrySettings registry,
      DocumentText documentText,
      DeliverySettings delivery) {
    super(parameters);
    this.source = source;
    this.registry = registry;
    this.documentText = documentText;
    this.delivery = delivery;
    this.mailbox = parameters.getMailboxExecutor();
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    origin = new CheckpointedOrigin(source, context.getOperatorStateStore());
    origin.check();
  }

  @Override
  public void open() throws Exception {
    super.open();
    client = registry.connect();
    decoder =
        AvroDecoder.specific(new RegisteredSchemas(client, registry.address()), Document.class);
    transactionAge = new TransactionAge(delivery, System::nanoTime);
    lastCheckpointNanos = System.nanoTime();
    getMetricGroup()
        .<Long, Gauge<Long>>gauge(
            JobMetrics.CHECKPOINT_AGE.lastName(),
            () -> (System.nanoTime() - lastCheckpointNanos) / 1_000_000);
    // From the first scrape on, so that a rate knows what they grow from.
    rejected(Stage.DECODE, FailureReason.UNDECODABLE);
    rejected(Stage.DECODE, FailureReason.SCHEMA_UNKNOWN);
    rejected(Stage.PREPARE, FailureReason.REFUSED);
    rejected(Stage.PREPARE, FailureReason.TOO_LONG);
    registryRetries = getMetricGroup().counter(JobMetrics.REGISTRY_RETRIES.lastName());
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    super.notifyCheckpointComplete(checkpoint);
    Objects.requireNonNull(transactionAge).complete(checkpoint);
    lastCheckpointNanos = System.nanoTime();
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
    super.prepareSnapshotPreBarrier(checkpoint);
    Objects.requireNonNull(transactionAge).barrier(checkpoint);
  }

  @Override
  public void processElement(StreamRecord<RawRecord> element) throws Exception {
    Objects.requireNonNull(origin).checkAtFirstRecord();
    RawRecord record = element.getValue();
    Decoded<Document> decoded = decode(record);
    if (decoded instanceof Decoded.Value<Document> value) {
      prepare(element, value.record());
    } else if (decoded instanceof Decoded.Undecodable<Document> undecodable) {
      FailureReason reason =
          undecodable.reason() == Decoded.Reason.SCHEMA_UNKNOWN
              ? FailureReason.SCHEMA_UNKNOWN
              : FailureReason.UNDECODABLE;
      reject(element, null, Stage.DECODE, reason, undecodable.message());
    }
  }

  @Override
  public void close() throws Exception {
    if (client != null) {
      client.close();
    }
    super.close();
  }

  private Decoded<Document> decode(RawRecord record) throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return Objects.requireNonNull(decoder).decode(record.value());
      } catch (RegistryUnavailableException e) {
        LOG.warn(
            "registry unavailable, record waits record={} pauseMillis={} cause={}",
            record.coordinates(),
            pause.toMillis(),
            e.getMessage());
        Objects.requireNonNull(registryRetries).inc();
        pause(pause);
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
      }
    }
  }

  private void pause(Duration pause) throws InterruptedException {
    long end = System.nanoTime() + pause.toNanos();
    while (System.nanoTime() - end < 0) {
      if (!mailbox.tryYield()) {
        // A cancelled task is interrupted, so this never holds a job up.
        Thread.sleep(MAIL_ROUND.toMillis());
      }
    }
  }

  private void prepare(StreamRecord<RawRecord> element, Document document) {
    if (document.getId().length() > LONGEST_ID) {
      reject(
          element,
          null,
          Stage.PREPARE,
          FailureReason.REFUSED,
          "the document's id has "
              + document.getId().length()
              + " characters, more than "
              + LONGEST_ID);
      return;
    }
    DocumentText.Prepared prepared = documentText.prepare(document);
    if (prepared instanceof DocumentText.Text ready) {
      output.collect(
          element.replace(
              new PreparedDocument(element.getValue(), document.getId(), ready.text())));
    } else if (prepared instanceof DocumentText.Unfit unfit) {
      reject(element, document.getId(), Stage.PREPARE, unfit.reason(), unfit.message());
    }
  }

  private void reject(
      StreamRecord<RawRecord> element,
      @Nullable String documentId,
      Stage stage,
      FailureReason reason,
      String message) {
    RawRecord record = element.getValue();
    LOG.info(
        "document rejected record={} documentId={} stage={} reason={} message={}",
        record.coordinates(),
        documentId,
        stage.word(),
        reason,
        message);
    rejected(stage, reason).inc();
    TraceContext trace = RecordSpans.rejected(record, stage, reason, message);
    output.collect(
        REJECTED,
        element.replace(new Rejection(record, documentId, stage, reason, message, 1, trace)));
  }

  private Counter rejected(Stage stage, FailureReason reason) {
    return rejected.computeIfAbsent(
        stage.word() + " " + reason,
        counted -> JobMetrics.rejected(getMetricGroup(), stage, reason));
  }

  /** Travels to the tasks and makes the operator there. */
  static final class Factory extends AbstractStreamOperatorFactory<PreparedDocument>
      implements OneInputStreamOperatorFactory<RawRecord, PreparedDocument> {

    private static final long serialVersionUID = 1L;

    private final CheckpointedOrigin.Source source;
    private final RegistrySettings registry;
    private final DocumentText documentText;
    private final DeliverySettings delivery;

    Factory(
        CheckpointedOrigin.Source source,
        RegistrySettings registry,
        DocumentText documentText,
        DeliverySettings delivery) {
      this.source = source;
      this.registry = registry;
      this.documentText = documentText;
      this.delivery = delivery;
    }

    @Override
    @SuppressWarnings("unchecked") // Flink asks for whatever type this makes.
    public <T extends StreamOperator<PreparedDocument>> T createStreamOperator(
        StreamOperatorParameters<PreparedDocument> parameters) {
      return (T) new DecodeOperator(parameters, source, registry, documentText, delivery);
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface has it.
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
      return DecodeOperator.class;
    }
  }
}
