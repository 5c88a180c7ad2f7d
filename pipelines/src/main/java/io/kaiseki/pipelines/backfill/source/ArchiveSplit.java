package io.kaiseki.pipelines.backfill.source;

import io.kaiseki.pipelines.backfill.archive.ArchiveFile;
import org.apache.flink.api.connector.source.SourceSplit;
import org.jspecify.annotations.Nullable;

/**
 * A file, and how far it has been read.
 *
 * @param number its place in the list, from 0 on
 * @param file the file
 * @param done entries that have been given on; {@link #ENDED} where there are no more
 * @param opened how the file was when they were read; null where nobody looked: before it is
 *     opened, of a file that is one document, and in checkpoints of older releases
 */
public record ArchiveSplit(long number, ArchiveFile file, long done, @Nullable FileStamp opened)
    implements SourceSplit {

  /** The file could not be read on, and that has been told. */
  static final long ENDED = Long.MAX_VALUE;

  @Override
  public String splitId() {
    return String.valueOf(number);
  }
}
