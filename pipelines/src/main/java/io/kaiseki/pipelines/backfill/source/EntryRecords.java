package io.kaiseki.pipelines.backfill.source;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.pipelines.backfill.archive.ArchiveFile;
import io.kaiseki.pipelines.backfill.archive.Entry;
import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.job.Rejection;
import io.kaiseki.pipelines.job.Rejection.Stage;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.types.Either;
import org.jspecify.annotations.Nullable;

/**
 * Puts entries into the form of records. A document is written as a producer would send it to the
 * documents topic, so that the rest of the job, and a dead letter that is sent again, know no
 * difference. What is unreadable keeps its own bytes.
 */
final class EntryRecords {

  private static final long NO_TIMESTAMP = -1;

  private final AvroEncoder encoder;

  /**
   * Makes records.
   *
   * @param schemaId id of the document schema in the registry
   */
  EntryRecords(int schemaId) {
    this.encoder = new AvroEncoder(schemaId, Document.getClassSchema());
  }

  Either<RawRecord, Rejection> of(Entry entry, ArchiveFile file) {
    if (entry instanceof Entry.Readable readable) {
      return Either.Left(record(readable, file, encoder.encode(readable.document())));
    }
    Entry.Unreadable unreadable = (Entry.Unreadable) entry;
    return Either.Right(
        new Rejection(
            record(unreadable, file, unreadable.bytes()),
            unreadable.id(),
            Stage.DECODE,
            FailureReason.UNDECODABLE,
            file.id() + ": " + unreadable.message(),
            1));
  }

  private static RawRecord record(Entry entry, ArchiveFile file, byte @Nullable [] value) {
    return new RawRecord(
        RawRecord.OF_FILE + file.id(),
        0,
        entry.row(),
        NO_TIMESTAMP,
        entry.id().getBytes(StandardCharsets.UTF_8),
        value,
        List.of());
  }
}
