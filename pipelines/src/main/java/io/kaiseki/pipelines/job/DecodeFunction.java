package io.kaiseki.pipelines.job;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.pipelines.job.Rejection.Stage;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
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
 * becomes a dead letter by it and the job is not restarted.
 */
final class DecodeFunction extends ProcessFunction<RawRecord, PreparedDocument> {

  static final OutputTag<Rejection> REJECTED = new OutputTag<>("rejected", RecordTypes.REJECTION);

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(DecodeFunction.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** In UTF-16 characters. Ids are keys and stand in every result, so they must not be texts. */
  private static final int LONGEST_ID = 1_000;

  private final RegistrySettings registry;
  private final DocumentText documentText;
  private transient @Nullable SchemaRegistryClient client;
  private transient @Nullable AvroDecoder<Document> decoder;
  private transient @Nullable Counter registryRetries;

  DecodeFunction(RegistrySettings registry, DocumentText documentText) {
    this.registry = registry;
    this.documentText = documentText;
  }

  @Override
  public void open(OpenContext context) {
    client = registry.connect();
    decoder =
        AvroDecoder.specific(new RegisteredSchemas(client, registry.address()), Document.class);
    registryRetries = getRuntimeContext().getMetricGroup().counter("registryRetries");
  }

  @Override
  public void processElement(RawRecord record, Context context, Collector<PreparedDocument> out)
      throws InterruptedException {
    Decoded<Document> decoded = decode(record);
    if (decoded instanceof Decoded.Value<Document> value) {
      prepare(record, value.record(), context, out);
    } else if (decoded instanceof Decoded.Undecodable<Document> undecodable) {
      FailureReason reason =
          undecodable.reason() == Decoded.Reason.SCHEMA_UNKNOWN
              ? FailureReason.SCHEMA_UNKNOWN
              : FailureReason.UNDECODABLE;
      reject(record, null, Stage.DECODE, reason, undecodable.message(), context);
    }
  }

  @Override
  public void close() throws Exception {
    if (client != null) {
      client.close();
    }
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
        // A cancelled task is interrupted, so this never holds a job up.
        Thread.sleep(pause.toMillis());
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
      }
    }
  }

  private void prepare(
      RawRecord record, Document document, Context context, Collector<PreparedDocument> out) {
    if (document.getId().length() > LONGEST_ID) {
      reject(
          record,
          null,
          Stage.PREPARE,
          FailureReason.REFUSED,
          "the document's id has "
              + document.getId().length()
              + " characters, more than "
              + LONGEST_ID,
          context);
      return;
    }
    DocumentText.Prepared prepared = documentText.prepare(document);
    if (prepared instanceof DocumentText.Text ready) {
      out.collect(new PreparedDocument(record, document.getId(), ready.text()));
    } else if (prepared instanceof DocumentText.Unfit unfit) {
      reject(record, document.getId(), Stage.PREPARE, unfit.reason(), unfit.message(), context);
    }
  }

  private static void reject(
      RawRecord record,
      @Nullable String documentId,
      Stage stage,
      FailureReason reason,
      String message,
      Context context) {
    LOG.info(
        "document rejected record={} documentId={} stage={} reason={} message={}",
        record.coordinates(),
        documentId,
        stage.word(),
        reason,
        message);
    context.output(REJECTED, new Rejection(record, documentId, stage, reason, message, 1));
  }
}
