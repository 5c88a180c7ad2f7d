package io.kaiseki.pipelines.backfill.archive;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads the entries of one file, always in the same order. Not safe for use by several threads. */
public interface EntryReader extends Closeable {

  /**
   * The next entry; empty at the end.
   *
   * @throws IOException if the file can't be read on; its further entries are lost to this reader
   */
  Optional<Entry> next() throws IOException;

  /** Columns that were asked for by name and that no row of the file has. */
  default List<String> missingColumns() {
    return List.of();
  }
}
