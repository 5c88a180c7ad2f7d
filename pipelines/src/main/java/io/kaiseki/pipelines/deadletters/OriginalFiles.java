package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.job.RawRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files with the values of original records, byte for byte, one for each letter. They are documents
 * of the business, so only their owner may read them.
 */
public final class OriginalFiles {

  private final Path directory;

  private OriginalFiles(Path directory) {
    this.directory = directory;
  }

  /** In this directory, which is made where it is missing. */
  public static OriginalFiles in(Path directory) throws IOException {
    return new OriginalFiles(Files.createDirectories(directory));
  }

  /**
   * Writes the value of a letter's record, in place of what an earlier call has written; empty
   * where it has none or the letter leaves it out.
   *
   * @return the file, {@code PARTITION-OFFSET.value} by the letter's own place
   */
  public Path write(StoredLetter letter) {
    RawRecord original = letter.original();
    Path file = directory.resolve(letter.partition() + "-" + letter.offset() + ".value");
    byte[] value = original.value();
    try {
      Files.deleteIfExists(file);
      Files.createFile(file, ownersOnly(file));
      return Files.write(file, value == null ? new byte[0] : value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileAttribute<?>[] ownersOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
