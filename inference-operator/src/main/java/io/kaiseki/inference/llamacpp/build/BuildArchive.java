package io.kaiseki.inference.llamacpp.build;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * The package of a build, whose bytes are those that were published. They are read once: what is
 * unpacked is what was checked.
 */
final class BuildArchive {

  private static final String SHA512 = "sha512-";

  private final PinnedBuild build;
  private final byte[] bytes;

  private BuildArchive(PinnedBuild build, byte[] bytes) {
    this.build = build;
    this.bytes = bytes;
  }

  /**
   * Reads a package and compares its digest with the one that is pinned. Unpacks nothing.
   *
   * @throws BuildRefusedException if it is another file than the one that was published
   */
  static BuildArchive open(PinnedBuild build, Path file) throws IOException {
    long size = Files.size(file);
    if (size != build.archiveBytes()) {
      throw new BuildRefusedException(
          file
              + " has "
              + size
              + " bytes, but "
              + described(build)
              + " has "
              + build.archiveBytes()
              + "; fetch it again");
    }
    byte[] bytes = Files.readAllBytes(file);
    String found = SHA512 + Base64.getEncoder().encodeToString(sha512(bytes));
    if (!found.equals(build.integrity())) {
      throw new BuildRefusedException(
          file
              + " is not "
              + described(build)
              + ": its digest is "
              + found
              + ", expected "
              + build.integrity()
              + "; fetch it again from a registry that you trust");
    }
    return new BuildArchive(build, bytes);
  }

  private static String described(PinnedBuild build) {
    return build.npmPackage() + " " + build.npmVersion();
  }

  /**
   * Writes the files of the build into a directory, flat and readable for their owner only.
   * Everything else in the package stays there.
   *
   * @throws BuildRefusedException if the package lacks a file, holds one twice, or holds a path or
   *     a kind of entry that no package of libraries has; the directory may then hold some files
   */
  void unpack(Path directory) throws IOException {
    Map<String, PinnedFile> wanted = new HashMap<>();
    build.files().forEach(file -> wanted.put(file.path(), file));
    try (InputStream in = new ByteArrayInputStream(bytes);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GzipCompressorInputStream(in))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        requireHarmless(entry);
        PinnedFile file = wanted.remove(entry.getName());
        if (file != null) {
          write(tar, entry, file, directory.resolve(file.name()));
        }
      }
    } catch (IOException e) {
      throw new BuildRefusedException(
          described(build) + " can't be unpacked: " + e.getMessage(), e);
    }
    if (!wanted.isEmpty()) {
      throw new BuildRefusedException(
          described(build)
              + " lacks "
              + String.join(", ", wanted.keySet().stream().sorted().toList()));
    }
  }

  private void requireHarmless(TarArchiveEntry entry) {
    String name = entry.getName();
    // Not isFile(): that holds for devices and pipes as well.
    boolean plain =
        entry.getLinkFlag() == TarConstants.LF_NORMAL
            || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
    boolean inside =
        !name.startsWith("/")
            && name.indexOf('\\') < 0
            && name.indexOf('\0') < 0
            && Arrays.stream(name.split("/", -1))
                .noneMatch(part -> part.equals("..") || part.equals("."));
    if (!inside || !(plain || entry.isDirectory())) {
      throw new BuildRefusedException(
          described(build) + " holds an entry that no package should: " + name);
    }
  }

  private void write(TarArchiveInputStream tar, TarArchiveEntry entry, PinnedFile file, Path target)
      throws IOException {
    if (!entry.isFile() || entry.getSize() != file.bytes()) {
      throw new BuildRefusedException(
          described(build)
              + ": "
              + file.path()
              + " has "
              + entry.getSize()
              + " bytes, expected "
              + file.bytes());
    }
    byte[] content = tar.readNBytes(Math.toIntExact(file.bytes()));
    if (content.length != file.bytes()) {
      throw new BuildRefusedException(
          described(build) + " ends within " + file.path() + "; fetch it again");
    }
    Files.write(target, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (NativeCache.posix()) {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r--------"));
    }
  }

  private static byte[] sha512(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-512").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
