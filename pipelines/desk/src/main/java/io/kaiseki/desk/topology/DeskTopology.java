package io.kaiseki.desk.topology;

import io.kaiseki.desk.model.AnswerCards;
import io.kaiseki.desk.model.Change;
import io.kaiseki.desk.state.DocumentCard;
import io.kaiseki.desk.state.LetterCard;
import io.kaiseki.desk.state.Review;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.envelope.Result;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.wire.AvroDecoder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.jspecify.annotations.Nullable;

/**
 * How the four topics become the stores. Results and feedback are keyed by the document's id;
 * documents and dead letters may be keyed by anything, so they are keyed anew and go through topics
 * of the desk's own.
 */
public final class DeskTopology {

  private static final Map<String, String> NO_CLEANUP_CHANGE = Map.of();

  private final String analysis;
  private final DeskTopics topics;
  private final int partitions;
  private final RegisteredSchemas schemas;
  private final AnswerCards cards;
  private final Duration retention;
  private final CountDownLatch stopped;

  /**
   * @param analysis name of the analysis; dead letters of others, and words on their answers, are
   *     left out
   * @param partitions those of the results topic
   * @param cards makes the short form of results
   * @param retention how long a document is kept after the desk last learnt something about it
   * @param stopped counted down when the desk ends
   */
  public DeskTopology(
      String analysis,
      DeskTopics topics,
      int partitions,
      RegisteredSchemas schemas,
      AnswerCards cards,
      Duration retention,
      CountDownLatch stopped) {
    this.analysis = analysis;
    this.topics = topics;
    this.partitions = partitions;
    this.schemas = schemas;
    this.cards = cards;
    this.retention = retention;
    this.stopped = stopped;
  }

  /** Builds it. */
  public Topology build(EntryListener listener) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(
        org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                org.apache.kafka.streams.state.Stores.persistentKeyValueStore(Stores.ENTRIES),
                Serdes.String(),
                StateSerdes.entries())
            .withCachingDisabled()
            .withLoggingEnabled(NO_CLEANUP_CHANGE));
    builder.addStateStore(
        org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                org.apache.kafka.streams.state.Stores.persistentKeyValueStore(Stores.TALLIES),
                Serdes.String(),
                Serdes.Long())
            // Each change moves a dozen counts; only the last value before a commit is written.
            .withCachingEnabled()
            .withLoggingEnabled(NO_CLEANUP_CHANGE));
    builder.addStateStore(
        org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                org.apache.kafka.streams.state.Stores.persistentKeyValueStore(Stores.MINUTES),
                Serdes.Long(),
                StateSerdes.minutes())
            .withCachingEnabled()
            .withLoggingEnabled(NO_CLEANUP_CHANGE));
    changes(builder)
        .process(
            () -> new EntryProcessor(retention, listener),
            Named.as("desk"),
            Stores.ENTRIES,
            Stores.TALLIES,
            Stores.MINUTES);
    return builder.build();
  }

  private KStream<String, Change> changes(StreamsBuilder builder) {
    KStream<String, Change> results =
        builder.stream(
            topics.results(),
            Consumed.with(
                    Serdes.String(),
                    serde(
                        () -> AvroDecoder.generic(schemas),
                        (GenericRecord record, byte[] bytes) -> answered(record, bytes)))
                .withName("results"));
    KStream<String, Change> feedback =
        builder.stream(
                topics.feedback(),
                Consumed.with(
                        Serdes.String(),
                        serde(
                            () -> AvroDecoder.specific(schemas, Feedback.class),
                            (Feedback record, byte[] bytes) -> reviewed(record)))
                    .withName("feedback"))
            .filter((id, change) -> change != null, Named.as("feedback-said"));
    KStream<String, Change> documents =
        builder.stream(
                topics.documents(),
                Consumed.with(
                        Serdes.ByteArray(),
                        serde(
                            () -> AvroDecoder.specific(schemas, Document.class),
                            (Document record, byte[] bytes) -> record))
                    .withName("documents"))
            .process(DocumentCards::new, Named.as("document-cards"))
            .repartition(
                Repartitioned.<String, DocumentCard>as("documents")
                    .withKeySerde(Serdes.String())
                    .withValueSerde(StateSerdes.documents())
                    .withNumberOfPartitions(partitions))
            .mapValues(card -> (Change) new Change.Received(card), Named.as("received"));
    KStream<String, Change> letters =
        builder.stream(
                topics.deadLetters(),
                Consumed.with(
                        Serdes.ByteArray(),
                        serde(
                            () -> AvroDecoder.specific(schemas, DeadLetter.class),
                            (DeadLetter record, byte[] bytes) -> record))
                    .withName("dead-letters"))
            .process(() -> new LetterCards(analysis), Named.as("letter-cards"))
            .repartition(
                Repartitioned.<String, LetterCard>as("letters")
                    .withKeySerde(Serdes.String())
                    .withValueSerde(StateSerdes.letters())
                    .withNumberOfPartitions(partitions))
            .mapValues(card -> (Change) new Change.Failed(card), Named.as("failed"));
    return results
        .merge(feedback, Named.as("with-feedback"))
        .merge(documents, Named.as("with-documents"))
        .merge(letters, Named.as("with-letters"));
  }

  private Change answered(GenericRecord envelope, byte[] bytes) {
    Result result = ResultEnvelope.open(envelope);
    return new Change.Answered(result.documentId(), cards.card(result, bytes));
  }

  /** What was said; null where it is on an answer of another analysis. */
  private @Nullable Change reviewed(Feedback feedback) {
    if (!feedback.getAnalysis().equals(analysis)) {
      return null;
    }
    return new Change.Reviewed(
        feedback.getDocumentId(),
        Review.newBuilder()
            .setField(feedback.getField())
            .setOld(feedback.getOld())
            .setValue(feedback.getNew$())
            .setBy(feedback.getBy())
            .setAt(feedback.getAt())
            .build());
  }

  private <A, T> Serde<T> serde(
      Supplier<AvroDecoder<A>> decoders, BiFunction<A, byte[], T> reading) {
    return Serdes.serdeFrom(
        (topic, value) -> {
          throw new UnsupportedOperationException("the desk writes nothing to " + topic);
        },
        new WireDeserializer<>(decoders, reading, stopped));
  }
}
