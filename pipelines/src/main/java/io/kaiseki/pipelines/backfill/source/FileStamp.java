package io.kaiseki.pipelines.backfill.source;

import io.kaiseki.pipelines.backfill.archive.ArchiveFile;
import io.kaiseki.pipelines.backfill.archive.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * How a file was when it was opened. Entries are counted, so a count means nothing in a file that
 * was written anew since.
 *
 * @param size in bytes
 * @param modified when it was last written, in milliseconds since the epoch
 */
public record FileStamp(long size, long modified) {

  /**
   * Of a file as it is now.
   *
   * @throws IOException if it is not there, or can't be looked at
   */
  static FileStamp of(ArchiveFile file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
    return new FileStamp(now.size(), now.lastModifiedTime().toMillis());
  }

  /** Whether a file that is so now may have other entries where this one had its own. */
  boolean isOutdatedBy(FileStamp now, Format format) {
    if (now.size < size) {
      return true;
    }
    // A file of JSON Lines is added to at its end by those who write it, and an export is not.
    return format != Format.JSONL && now.modified != modified;
  }
}
