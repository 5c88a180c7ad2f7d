package io.kaiseki.pipelines.job;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what lies in a directory to one process, as far as the file system knows locks, which local
 * ones do. The system drops the lock of a process that dies.
 */
public final class DirectoryLock implements AutoCloseable {

  private final @Nullable FileChannel channel;

  private DirectoryLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes a lock, and makes the directory if need be.
   *
   * @param name of the lock's file in the directory, which stays there
   * @return empty if somebody has it, in this process or another one
   */
  public static Optional<DirectoryLock> take(Path directory, String name) throws IOException {
    FileSystem files = FileSystem.get(directory.toUri());
    files.mkdirs(directory);
    if (!"file".equals(directory.toUri().getScheme())) {
      return Optional.of(new DirectoryLock(null));
    }
    FileChannel channel =
        FileChannel.open(
            java.nio.file.Path.of(directory.getPath(), name),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(new DirectoryLock(channel));
      }
    } catch (OverlappingFileLockException e) {
      // This process holds it already.
    }
    channel.close();
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
