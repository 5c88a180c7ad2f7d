package io.kaiseki.pipelines.job;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what lies in a directory to one process, as far as the file system knows locks, which local
 * ones do. The system drops the lock of a process that dies.
 */
public final class DirectoryLock implements AutoCloseable {

  /** Files that this process has locked: to close any channel of such a file drops its lock. */
  private static final Set<java.nio.file.Path> LOCKED = ConcurrentHashMap.newKeySet();

  private final java.nio.file.@Nullable Path file;
  private final @Nullable FileChannel channel;

  private DirectoryLock(java.nio.file.@Nullable Path file, @Nullable FileChannel channel) {
    this.file = file;
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
      return Optional.of(new DirectoryLock(null, null));
    }
    java.nio.file.Path file = java.nio.file.Path.of(directory.getPath()).toRealPath().resolve(name);
    if (!LOCKED.add(file)) {
      return Optional.empty();
    }
    Optional<FileChannel> channel = Optional.empty();
    try {
      channel = locked(file);
    } finally {
      if (channel.isEmpty()) {
        LOCKED.remove(file);
      }
    }
    return channel.map(locked -> new DirectoryLock(file, locked));
  }

  private static Optional<FileChannel> locked(java.nio.file.Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
      return locked ? Optional.of(channel) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      // This process has it by another path to the directory, or by another class loader.
      return Optional.empty();
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null && channel.isOpen()) {
      channel.close();
      LOCKED.remove(file);
    }
  }
}
