package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.deadletters.RedriveSender.Parcel;
import io.kaiseki.pipelines.deadletters.RedriveSender.RefusedException;
import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends the records of dead letters back: their bytes, key, headers and timestamp as they were, and
 * one more header that counts the attempts.
 *
 * <p>Each letter is sent once, however often and wherever this is run or killed: its record and the
 * note that it was sent are one transaction, and before any letter is read, the transaction of an
 * earlier redrive is ended and the notes are read. A document that fails again is another letter,
 * with more attempts, until they are too many.
 *
 * <p>Consumers of the topic must read {@code read_committed}, as the job does. One that does not
 * sees records of transactions that were given up.
 */
public final class Redriver {

  /**
   * Bytes of records at which a transaction ends, however few they are: all of them are in memory
   * until then, each in its letter, too.
   */
  private static final int BATCH_BYTES = 16 << 20;

  private final LetterReader letters;
  private final RedriveRequest request;
  private final RedriveListener listener;
  private final Originals originals;
  private final @Nullable RedriveSender sender;
  private final RedriveLog log;
  private final RedriveReport report;
  private final List<Parcel> batch = new ArrayList<>();
  private long batchBytes;

  private Redriver(
      LetterReader letters,
      RedriveRequest request,
      RedriveListener listener,
      Originals originals,
      @Nullable RedriveSender sender,
      RedriveLog log) {
    this.letters = letters;
    this.request = request;
    this.listener = listener;
    this.originals = originals;
    this.sender = sender;
    this.log = log;
    this.report = new RedriveReport(request.dryRun());
  }

  /**
   * Does it, and returns when it is done.
   *
   * @param topic the letters' topic, whose log must exist unless the run is dry
   * @throws IllegalStateException if the cluster fails; what was sent until then stays sent, and
   *     another run goes on with the rest
   */
  public static RedriveReport run(
      KafkaSettings kafka,
      RegistrySettings registry,
      LetterTopic topic,
      RedriveRequest request,
      RedriveListener listener) {
    // First the sender, then the log: it is complete only when nobody else can write to it.
    RedriveSender sender = request.dryRun() ? null : RedriveSender.open(kafka, topic.name());
    try (LetterReader letters = new LetterReader(kafka, registry, topic.name());
        Originals originals = new Originals(kafka, request.to())) {
      return new Redriver(letters, request, listener, originals, sender, topic.log(kafka)).run();
    } finally {
      if (sender != null) {
        sender.close();
      }
    }
  }

  private RedriveReport run() {
    letters.forEach(
        listener,
        new LetterReader.Visitor() {
          @Override
          public void letter(StoredLetter letter) {
            consider(letter);
          }

          @Override
          public void unreadable(int partition, long offset, String why) {
            report.noteUnreadable(StoredLetter.position(partition, offset), why);
          }
        });
    sendBatch();
    return report;
  }

  private void consider(StoredLetter letter) {
    if (!request.filter().admits(letter.letter())) {
      return;
    }
    if (log.contains(letter)) {
      report.note(Fate.SENT_BEFORE);
    } else if (letter.attempts() >= request.maxAttempts()) {
      report.keepBack(
          letter,
          Fate.TRIED_OUT,
          "tried %d times; --max-attempts is %d"
              .formatted(letter.attempts(), request.maxAttempts()));
    } else if (atLimit()) {
      report.note(Fate.OVER_LIMIT);
    } else {
      prepare(letter);
    }
  }

  private void prepare(StoredLetter letter) {
    Optional<RawRecord> original = originals.of(letter);
    if (original.isEmpty()) {
      report.keepBack(
          letter,
          Fate.RECORD_GONE,
          "the letter leaves the record out, and " + letter.source() + " is no longer there");
      return;
    }
    Originals.Addressed addressed = originals.address(letter, original.get());
    if (addressed instanceof Originals.Unsendable unsendable) {
      report.keepBack(letter, unsendable.fate(), unsendable.why());
    } else if (addressed instanceof Originals.Sendable sendable) {
      if (request.dryRun()) {
        report.note(Fate.SENT);
        return;
      }
      batch.add(new Parcel(letter, sendable.record(), log.entry(letter)));
      byte[] value = sendable.record().value();
      batchBytes += value == null ? 0 : value.length;
      // At the limit, too: letters that are refused leave room for others.
      if (batch.size() >= request.batch() || batchBytes >= BATCH_BYTES || atLimit()) {
        sendBatch();
      }
    }
  }

  private boolean atLimit() {
    long sent = report.count(Fate.SENT) + batch.size();
    return sent >= request.limit().orElse(Long.MAX_VALUE);
  }

  private void sendBatch() {
    if (batch.isEmpty() || sender == null) {
      return;
    }
    List<Parcel> parcels = List.copyOf(batch);
    batch.clear();
    batchBytes = 0;
    try {
      send(sender, parcels);
    } catch (RefusedException oneOfThem) {
      for (Parcel parcel : parcels) {
        try {
          send(sender, List.of(parcel));
        } catch (RefusedException e) {
          report.keepBack(
              parcel.letter(),
              Fate.REFUSED,
              parcel.record().topic() + " does not take it: " + e.getMessage());
        }
      }
    }
  }

  private void send(RedriveSender to, List<Parcel> parcels) throws RefusedException {
    to.send(parcels, () -> listener.committing(parcels.size()));
    parcels.forEach(parcel -> report.note(Fate.SENT));
  }
}
