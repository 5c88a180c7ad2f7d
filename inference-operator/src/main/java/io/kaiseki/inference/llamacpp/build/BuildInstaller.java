package io.kaiseki.inference.llamacpp.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Brings a build into the user's cache: whole and checked, or not at all. */
public final class BuildInstaller {

  /** Looks at a build that lies complete in a directory, before it gets its place. */
  public interface Trial {

    /**
     * Tries it.
     *
     * @throws BuildRefusedException if it does not work on this machine
     */
    void run(InstalledBuild candidate);
  }

  private final Trial trial;

  public BuildInstaller(Trial trial) {
    this.trial = trial;
  }

  /**
   * Installs a build from its package. What was at its place is replaced only once the new one is
   * unpacked, compared file by file, and tried.
   *
   * @param archive the package as npm has it, a {@code .tgz}
   * @return the build at its place
   * @throws BuildRefusedException if the package is another, or the build does not work here;
   *     nothing has changed then
   * @throws IOException if the cache can't be written; the build that was there stays
   */
  public InstalledBuild install(PinnedBuild build, Path archive) throws IOException {
    if (!Files.isRegularFile(archive)) {
      throw new BuildRefusedException(
          archive + " is no file; name the .tgz of " + build.npmPackage());
    }
    BuildArchive checked = BuildArchive.open(build, archive);
    InstalledBuild place = InstalledBuild.inCache(build);
    Path partial =
        Files.createTempDirectory(NativeCache.created(), ".partial-", NativeCache.forOwner());
    try {
      checked.unpack(partial);
      InstalledBuild candidate = new InstalledBuild(build, partial);
      candidate
          .problem()
          .ifPresent(
              problem -> {
                throw new BuildRefusedException(build.npmPackage() + ": " + problem);
              });
      trial.run(candidate);
      replace(partial, place.directory());
      return place;
    } finally {
      delete(partial);
    }
  }

  private static void replace(Path partial, Path target) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      Path old = partial.resolveSibling(partial.getFileName() + ".old");
      Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      try {
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException | RuntimeException e) {
        putBack(old, target, e);
        throw e;
      }
      delete(old);
    } else {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void putBack(Path old, Path target, Exception why) {
    try {
      Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** Deletes a directory with all that it holds; does nothing where there is none. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
