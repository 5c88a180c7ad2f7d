package io.kaiseki.inference.llamacpp;

import com.sun.jna.Platform;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.llamacpp.build.NativeCache;
import io.kaiseki.schemas.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The library that ships, in the java-llama.cpp jar. */
final class ShippedLibrary {

  private ShippedLibrary() {}

  /**
   * Unpacks it into a directory named after its content, private to the user: JVMs of different
   * versions never overwrite each other's, and nobody else can replace it.
   */
  static Path extracted() {
    String resource = "/de/kherud/llama/" + platform();
    try (InputStream in = ShippedLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new EngineUnavailableException(
            "no llama.cpp library ships for "
                + platform()
                + "; set model.library to a build of your own");
      }
      Path base = NativeCache.created();
      Path partial = Files.createTempFile(base, "llama", ".partial");
      try {
        return placed(in, partial, base);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new EngineUnavailableException(
          "kaiseki.cache = "
              + NativeCache.directory()
              + ": the native library can't be unpacked there ("
              + e
              + "); name a writable directory by -Dkaiseki.cache=DIRECTORY",
          e);
    }
  }

  /** Copies the library to a file and moves that to its place, unless it is there already. */
  private static Path placed(InputStream in, Path partial, Path base) throws IOException {
    MessageDigest sha256 = Sha256.begin();
    try (DigestInputStream digesting = new DigestInputStream(in, sha256)) {
      Files.copy(digesting, partial, StandardCopyOption.REPLACE_EXISTING);
    }
    Path directory = base.resolve(HexFormat.of().formatHex(sha256.digest()).substring(0, 16));
    Files.createDirectories(directory);
    Path target = directory.resolve(fileName());
    if (!Files.exists(target) || Files.mismatch(target, partial) != -1) {
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    return target;
  }

  /** Name of its file. */
  static Path fileName() {
    return Path.of(platform()).getFileName();
  }

  /** Folder and file in the java-llama.cpp jar. */
  private static String platform() {
    boolean arm = Platform.isARM();
    String machine = arm ? "aarch64" : "x86_64";
    if (Platform.isLinux()) {
      return "Linux/" + machine + "/libjllama.so";
    }
    if (Platform.isMac()) {
      return "Mac/" + machine + "/libjllama.dylib";
    }
    return "Windows/" + machine + "/jllama.dll";
  }
}
