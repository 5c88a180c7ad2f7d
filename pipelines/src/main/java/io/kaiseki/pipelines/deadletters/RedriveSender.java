package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.job.LargestRecord;
import io.kaiseki.pipelines.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Sends records and their entries of the log in transactions. There is one such sender for a topic
 * of dead letters: its transactional id is made from the topic's name, so that opening one ends
 * whatever an earlier one has left open, and shuts out an earlier one that still runs. What is read
 * of the log afterwards is therefore all there is. Not safe for use by several threads.
 */
final class RedriveSender implements AutoCloseable {

  private static final String TRANSACTIONAL_ID = "kaiseki-redrive-";
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
  private static final int COMMIT_TRIES = 3;

  private final KafkaProducer<byte[], byte[]> producer;
  private final String deadLetters;

  private RedriveSender(KafkaProducer<byte[], byte[]> producer, String deadLetters) {
    this.producer = producer;
    this.deadLetters = deadLetters;
  }

  /**
   * A letter that is sent.
   *
   * @param letter the letter
   * @param record what is sent
   * @param entry its entry in the log
   */
  record Parcel(
      StoredLetter letter,
      ProducerRecord<byte[], byte[]> record,
      ProducerRecord<byte[], byte[]> entry) {}

  /** Connects, ends what an earlier sender has left open, and shuts it out. */
  static RedriveSender open(KafkaSettings kafka, String deadLetters) {
    Properties properties = kafka.properties();
    LargestRecord.of(kafka).applyTo(properties);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID + deadLetters);
    KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(properties);
    try {
      producer.initTransactions();
      return new RedriveSender(producer, deadLetters);
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw new IllegalStateException(
          "no transaction can be opened at %s as %s%s"
              .formatted(kafka.bootstrapServers(), TRANSACTIONAL_ID, deadLetters),
          e);
    }
  }

  /**
   * Sends all or none, and returns when it is committed.
   *
   * @param beforeCommit runs when the broker has all of it
   * @throws RefusedException if the broker does not take one of the records; none is sent then
   * @throws IllegalStateException if it can't be sent; where that leaves open whether it was
   *     committed, the log knows
   */
  void send(List<Parcel> parcels, Runnable beforeCommit) throws RefusedException {
    try {
      producer.beginTransaction();
      for (Parcel parcel : parcels) {
        producer.send(parcel.record());
        producer.send(parcel.entry());
      }
      producer.flush();
      beforeCommit.run();
      commit();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new IllegalStateException(
          "another redrive of "
              + deadLetters
              + " has begun and goes on in this one's place; nothing is lost or sent twice",
          e);
    } catch (KafkaException e) {
      abort(e);
      Optional<Throwable> refusal = refusal(e);
      if (refusal.isPresent()) {
        throw new RefusedException(String.valueOf(refusal.get().getMessage()));
      }
      throw new IllegalStateException(
          "letters of "
              + deadLetters
              + " can't be sent; what is not committed was not sent, so run it again",
          e);
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_LIMIT);
  }

  private void commit() {
    for (int left = COMMIT_TRIES - 1; ; left--) {
      try {
        producer.commitTransaction();
        return;
      } catch (TimeoutException e) {
        if (left == 0) {
          throw e;
        }
      }
    }
  }

  private void abort(KafkaException cause) {
    try {
      producer.abortTransaction();
    } catch (KafkaException | IllegalStateException e) {
      // The next sender ends it, or else the broker does.
      cause.addSuppressed(e);
    }
  }

  private static Optional<Throwable> refusal(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(
            cause ->
                cause instanceof RecordTooLargeException
                    || cause instanceof RecordBatchTooLargeException
                    || cause instanceof InvalidRecordException
                    || cause instanceof InvalidTimestampException)
        .findFirst();
  }

  /** The broker does not take a record. */
  static final class RefusedException extends Exception {

    RefusedException(String message) {
      super(message);
    }
  }
}
