package io.kaiseki.pipelines.backfill.archive;

import io.kaiseki.schemas.Document;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that is one document. */
final class WholeFileReader implements EntryReader {

  private static final Logger LOG = LoggerFactory.getLogger(WholeFileReader.class);

  /** In bytes. A larger file is no document that anybody reads, and memory is not endless. */
  private static final long LARGEST = 128L << 20;

  /** In bytes. A larger file is not kept in its dead letter; it still lies where it was. */
  private static final int LARGEST_KEPT = 16 << 20;

  private final ArchiveFile file;
  private final TextExtractor extractor;
  private boolean done;

  WholeFileReader(ArchiveFile file, TextExtractor extractor) {
    this.file = file;
    this.extractor = extractor;
  }

  @Override
  public Optional<Entry> next() {
    if (done) {
      return Optional.empty();
    }
    done = true;
    byte[] bytes;
    Instant modified;
    try {
      long size = Files.size(file.path());
      if (size > LARGEST) {
        return unreadable(null, "has " + size + " bytes, more than " + LARGEST);
      }
      bytes = Files.readAllBytes(file.path());
      modified = file.modified();
    } catch (FileSystemException e) {
      return unreadable(null, "can't be opened: " + e.getClass().getSimpleName());
    } catch (IOException e) {
      return unreadable(null, "can't be read: " + e.getMessage());
    }
    return read(bytes, modified);
  }

  @Override
  public void close() {
    // Nothing stays open between calls.
  }

  private Optional<Entry> read(byte[] bytes, Instant modified) {
    try {
      return Optional.of(new Entry.Readable(document(extractor.extract(bytes), modified), 0));
    } catch (UnreadableException e) {
      return unreadable(bytes, e.text());
    } catch (IOException | RuntimeException e) {
      return broken(bytes, e);
    } catch (StackOverflowError e) {
      // Formats that nest let a small file open any number of levels.
      return broken(bytes, e);
    } catch (OutOfMemoryError e) {
      // A small file can inflate to any size. What it took is free again here.
      LOG.debug("file needs too much memory path={}", file.path(), e);
      return unreadable(bytes, "needs more memory than there is");
    }
  }

  private Optional<Entry> broken(byte[] bytes, Throwable e) {
    LOG.debug("file can't be read path={}", file.path(), e);
    return unreadable(bytes, "is no " + file.format().word() + ": " + e.getClass().getSimpleName());
  }

  private Document document(Extracted extracted, Instant modified) {
    return Document.newBuilder()
        .setId(file.id())
        .setKind(extracted.kind())
        .setTitle(extracted.title())
        .setBody(extracted.body())
        .setLanguage(extracted.language())
        .setReceivedAt(extracted.received() == null ? modified : extracted.received())
        .setAttributes(extracted.attributes())
        .build();
  }

  private Optional<Entry> unreadable(byte @Nullable [] bytes, String message) {
    return Optional.of(
        new Entry.Unreadable(
            file.id(),
            0,
            bytes == null || bytes.length > LARGEST_KEPT ? null : bytes,
            "the file " + message));
  }
}
