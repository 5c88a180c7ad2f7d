package io.kaiseki.desk.topology;

import io.kaiseki.desk.model.BadRecordException;
import io.kaiseki.desk.telemetry.DeskMeter;
import io.kaiseki.pipelines.config.DeskMetric;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a record that is at fault itself to the desk's dead-letter topic (KIP-1034) and goes on.
 * One that may be too large for that topic goes there without its key and value; its headers say
 * where it stands. Any other trouble, such as that with the registry, is no reason to give a record
 * up.
 */
public final class BadRecords
    implements DeserializationExceptionHandler, ProcessingExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(BadRecords.class);

  /** What every topic takes by default, with room for the headers: one holds a stack trace. */
  private static final int LARGEST = 900_000;

  private final LogAndContinueExceptionHandler undecodable = new LogAndContinueExceptionHandler();
  private final LogAndContinueProcessingExceptionHandler unprocessable =
      new LogAndContinueProcessingExceptionHandler();

  private final LongCounter setAside = DeskMeter.counter(DeskMetric.BAD_RECORDS);

  @Override
  public void configure(Map<String, ?> configuration) {
    undecodable.configure(configuration);
    unprocessable.configure(configuration);
  }

  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception failure) {
    if (!isAtFault(context, failure)) {
      return DeserializationExceptionHandler.Response.fail();
    }
    return DeserializationExceptionHandler.Response.resume(
        fitting(undecodable.handleError(context, record, failure).deadLetterQueueRecords()));
  }

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception failure) {
    if (!isAtFault(context, failure)) {
      return ProcessingExceptionHandler.Response.fail();
    }
    return ProcessingExceptionHandler.Response.resume(
        fitting(unprocessable.handleError(context, record, failure).deadLetterQueueRecords()));
  }

  private static List<ProducerRecord<byte[], byte[]>> fitting(
      List<ProducerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(
            record ->
                length(record.key()) + length(record.value()) <= LARGEST ? record : bare(record))
        .toList();
  }

  private static ProducerRecord<byte[], byte[]> bare(ProducerRecord<byte[], byte[]> record) {
    return new ProducerRecord<>(
        record.topic(), record.partition(), record.timestamp(), null, null, record.headers());
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private boolean isAtFault(ErrorHandlerContext context, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadRecordException) {
        LOG.warn(
            "bad record set aside topic={} partition={} offset={} cause={}",
            context.topic(),
            context.partition(),
            context.offset(),
            cause.getMessage());
        setAside.add(1, DeskMeter.labels(DeskMetric.BAD_RECORDS, String.valueOf(context.topic())));
        return true;
      }
    }
    return false;
  }
}
