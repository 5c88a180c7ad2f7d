package io.kaiseki.inference.llamacpp.build;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where native libraries lie: a directory of the user ({@code kaiseki.cache}, by default {@code
 * ~/.cache/kaiseki}), so that nobody else can replace what is loaded.
 */
public final class NativeCache {

  private NativeCache() {}

  /** The directory; it may not exist yet. */
  public static Path directory() {
    String configured = System.getProperty("kaiseki.cache", "");
    Path cache =
        configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache", "kaiseki")
            : Path.of(configured);
    return cache.resolve("native").toAbsolutePath().normalize();
  }

  /** Makes the directory where it is not there yet. */
  public static Path created() throws IOException {
    return Files.createDirectories(directory(), forOwner());
  }

  /** The attribute of directories that only their owner may read, where the system has such. */
  static FileAttribute<?>[] forOwner() {
    return posix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  static boolean posix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
