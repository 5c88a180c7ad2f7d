package io.kaiseki.inference.llamacpp.build;

import io.kaiseki.schemas.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A build of llama.cpp in a directory of this machine, whole or not.
 *
 * @param build what it should be
 * @param directory where its files lie
 */
public record InstalledBuild(PinnedBuild build, Path directory) {

  /** The build in the user's cache, whether it is there or not. */
  public static InstalledBuild inCache(PinnedBuild build) {
    return new InstalledBuild(
        build, NativeCache.directory().resolve("llama.cpp-" + build.name() + "-" + arch(build)));
  }

  private static String arch(PinnedBuild build) {
    return build.operatingSystem() + "-" + build.machine();
  }

  /** Whether there is anything at its place. */
  public boolean present() {
    return Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
  }

  /** llama.cpp's own library. */
  public Path library() {
    return directory.resolve(build.library());
  }

  /**
   * Compares every file with what it must be, byte for byte by its SHA-256. Takes some tenths of a
   * second.
   *
   * @return what is wrong; empty if all files are what they must be
   */
  public Optional<String> problem() {
    List<String> problems = new ArrayList<>();
    for (PinnedFile file : build.files()) {
      Path path = directory.resolve(file.name());
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        problems.add(file.name() + " is missing");
        continue;
      }
      try {
        String found = sha256(path);
        if (!found.equals(file.sha256())) {
          problems.add(file.name() + " has the SHA-256 " + found + ", expected " + file.sha256());
        }
      } catch (IOException e) {
        problems.add(file.name() + " can't be read: " + e);
      }
    }
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }

  /** SHA-256 of a file in lower-case hex. */
  public static String sha256(Path file) throws IOException {
    MessageDigest sha256 = Sha256.begin();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
