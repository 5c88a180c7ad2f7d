package io.kaiseki.pipelines.backfill.archive;

import io.kaiseki.schemas.Document;
import org.jspecify.annotations.Nullable;

/** One thing that an archive should hold: a row of a file, or a file. */
public sealed interface Entry {

  /** Id of the document; where it could not be read, what names its place instead. */
  String id();

  /** Number of the row in its file, from 1 on; 0 for a header, and for a file as a whole. */
  long row();

  /** A document. */
  record Readable(Document document, long row) implements Entry {
    @Override
    public String id() {
      return document.getId();
    }
  }

  /**
   * No document, and none when tried again as it is.
   *
   * @param bytes the row or file, byte for byte; null where there is nothing to keep, or too much
   * @param message what is wrong and what to do; it never holds content of the file
   */
  record Unreadable(String id, long row, byte @Nullable [] bytes, String message)
      implements Entry {}
}
