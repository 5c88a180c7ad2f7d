package io.kaiseki.pipelines.backfill.source;

import io.kaiseki.pipelines.backfill.archive.ArchiveFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/** Hands out files one by one, to whoever asks next. It holds one line of the list, not all. */
final class ArchiveEnumerator implements SplitEnumerator<ArchiveSplit, ArchivePosition> {

  private final SplitEnumeratorContext<ArchiveSplit> context;
  private final String list;
  private final Deque<ArchiveSplit> returned;
  private long next;
  private FileList.@Nullable Reader files;

  ArchiveEnumerator(
      SplitEnumeratorContext<ArchiveSplit> context, String list, ArchivePosition position) {
    this.context = context;
    this.list = list;
    this.next = position.next();
    this.returned = new ArrayDeque<>(position.returned());
  }

  @Override
  public void start() {
    try {
      files = new FileList.Reader(list);
      files.skip(next);
    } catch (IOException e) {
      throw new UncheckedIOException("the list of files " + list + " can't be read", e);
    }
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    if (!context.registeredReaders().containsKey(subtask)) {
      // It has failed since it asked.
      return;
    }
    Optional<ArchiveSplit> split = nextSplit();
    if (split.isPresent()) {
      context.assignSplit(split.get(), subtask);
    } else {
      context.signalNoMoreSplits(subtask);
    }
  }

  @Override
  public void addSplitsBack(List<ArchiveSplit> splits, int subtask) {
    returned.addAll(splits);
  }

  @Override
  public void addReader(int subtask) {
    // It asks by itself.
  }

  @Override
  public ArchivePosition snapshotState(long checkpoint) {
    return new ArchivePosition(next, List.copyOf(returned));
  }

  @Override
  public void close() throws IOException {
    if (files != null) {
      files.close();
    }
  }

  private Optional<ArchiveSplit> nextSplit() {
    ArchiveSplit again = returned.poll();
    if (again != null) {
      return Optional.of(again);
    }
    if (files == null) {
      throw new IllegalStateException("a reader asked before the enumerator was started");
    }
    try {
      Optional<ArchiveFile> file = files.next();
      return file.map(found -> new ArchiveSplit(next++, found, 0, null));
    } catch (IOException e) {
      throw new UncheckedIOException("the list of files " + list + " can't be read", e);
    }
  }
}
