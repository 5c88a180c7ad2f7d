package io.kaiseki.pipelines.backfill.source;

import io.kaiseki.pipelines.backfill.archive.Entry;
import io.kaiseki.pipelines.backfill.archive.EntryReader;
import io.kaiseki.pipelines.backfill.archive.ReadOptions;
import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.job.Rejection;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.types.Either;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files on the task's own thread: the model is slower than any file. After a recovery it
 * passes over the entries of a file that were given on before.
 */
final class ArchiveReader implements SourceReader<Either<RawRecord, Rejection>, ArchiveSplit> {

  private static final Logger LOG = LoggerFactory.getLogger(ArchiveReader.class);

  private final SourceReaderContext context;
  private final ReadOptions options;
  private final EntryRecords records;
  private final Deque<ArchiveSplit> waiting = new ArrayDeque<>();
  private CompletableFuture<Void> available = new CompletableFuture<>();
  private boolean noMore;
  private @Nullable ArchiveSplit current;
  private @Nullable EntryReader reader;

  ArchiveReader(SourceReaderContext context, ReadOptions options, EntryRecords records) {
    this.context = context;
    this.options = options;
    this.records = records;
  }

  @Override
  public void start() {
    if (waiting.isEmpty()) {
      context.sendSplitRequest();
    }
  }

  @Override
  public InputStatus pollNext(ReaderOutput<Either<RawRecord, Rejection>> output)
      throws IOException {
    ArchiveSplit split = current == null ? waiting.poll() : current;
    if (split == null) {
      return idle();
    }
    Optional<Entry> entry = read(split);
    if (entry.isPresent()) {
      output.collect(records.of(entry.get(), split.file()));
      return InputStatus.MORE_AVAILABLE;
    }
    end();
    if (waiting.isEmpty() && !noMore) {
      context.sendSplitRequest();
    }
    return waiting.isEmpty() ? idle() : InputStatus.MORE_AVAILABLE;
  }

  @Override
  public List<ArchiveSplit> snapshotState(long checkpoint) {
    List<ArchiveSplit> splits = new ArrayList<>();
    if (current != null) {
      splits.add(current);
    }
    splits.addAll(waiting);
    return splits;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return available;
  }

  @Override
  public void addSplits(List<ArchiveSplit> splits) {
    waiting.addAll(splits);
    available.complete(null);
  }

  @Override
  public void notifyNoMoreSplits() {
    noMore = true;
    available.complete(null);
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
  }

  private InputStatus idle() {
    if (noMore) {
      return InputStatus.END_OF_INPUT;
    }
    if (available.isDone()) {
      available = new CompletableFuture<>();
    }
    return InputStatus.NOTHING_AVAILABLE;
  }

  /** The next entry of a file; of one that can't be read on, once, that it can't. */
  private Optional<Entry> read(ArchiveSplit split) {
    if (split.done() == ArchiveSplit.ENDED) {
      return Optional.empty();
    }
    try {
      EntryReader opened = reader;
      FileStamp stamp = split.opened();
      if (opened == null) {
        stamp = split.file().format().hasRows() ? FileStamp.of(split.file()) : null;
        opened = isOutdated(split, stamp) ? null : open(split);
      }
      if (opened == null) {
        return unreadable(split, "the file has changed", null);
      }
      Optional<Entry> entry = opened.next();
      current = new ArchiveSplit(split.number(), split.file(), split.done() + 1, stamp);
      return entry;
    } catch (IOException e) {
      return unreadable(split, e.getClass().getSimpleName(), e);
    }
  }

  private Optional<Entry> unreadable(
      ArchiveSplit split, String reason, @Nullable IOException cause) {
    LOG.info(
        "file can't be read on path={} entries={} reason={}",
        split.file().path(),
        split.done(),
        reason,
        cause);
    current = new ArchiveSplit(split.number(), split.file(), ArchiveSplit.ENDED, split.opened());
    return Optional.of(
        new Entry.Unreadable(
            split.file().id(),
            split.file().format().hasRows() ? split.done() + 1 : 0,
            null,
            "the file can't be read on after " + split.done() + " entries: " + reason));
  }

  /** Whether the entries that are done may not be those that the file begins with now. */
  private static boolean isOutdated(ArchiveSplit split, @Nullable FileStamp now) {
    FileStamp opened = split.opened();
    return split.done() > 0
        && opened != null
        && now != null
        && opened.isOutdatedBy(now, split.file().format());
  }

  /** Opens a file where a checkpoint has left it; null if it does not hold as much any more. */
  private @Nullable EntryReader open(ArchiveSplit split) throws IOException {
    EntryReader opened = split.file().open(options);
    reader = opened;
    for (long skipped = 0; skipped < split.done(); skipped++) {
      if (opened.next().isEmpty()) {
        return null;
      }
    }
    return opened;
  }

  private void end() throws IOException {
    current = null;
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
