package io.kaiseki.pipelines.backfill.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A file of an archive.
 *
 * @param path where it lies
 * @param id its name in the archive: with slashes, relative to the folder that was given
 * @param format how it is read
 */
public record ArchiveFile(Path path, String id, Format format) {

  /**
   * Begins to read it.
   *
   * @throws IOException if it can't be opened
   */
  public EntryReader open(ReadOptions options) throws IOException {
    return format.open(this, options);
  }

  /**
   * Whether its path leads to it after it has been written as text, as in the list of a run. It
   * does not where the locale can't encode a name in it.
   */
  public boolean isFoundByName() {
    Path absolute = path.toAbsolutePath();
    try {
      return Path.of(absolute.toString()).equals(absolute);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** What names a row of it that has no id of its own. */
  String rowId(long row) {
    return id + "#" + row;
  }

  /** When its documents were received, if they do not tell themselves. */
  Instant modified() throws IOException {
    return Files.getLastModifiedTime(path).toInstant();
  }
}
