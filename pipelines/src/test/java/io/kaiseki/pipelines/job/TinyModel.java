package io.kaiseki.pipelines.job;

import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;

/** A real GGUF file with made-up weights, made once for the code that does. */
public final class TinyModel {

  private static final Path FILE =
      Path.of("target", "models", digestOfTheMaker(), "tiny.gguf").toAbsolutePath();

  private TinyModel() {}

  public static synchronized Path file() {
    if (!Files.exists(FILE)) {
      try {
        Path directory = Files.createDirectories(FILE.getParent());
        Path own = Files.createTempDirectory(directory, "made");
        Path whole = own.resolve(FILE.getFileName());
        ModelMaker.make(ModelShape.TINY, whole, MakeOptions.defaults());
        // Another JVM of the tests may have made it meanwhile; the files are equal.
        Files.move(
            whole, FILE, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(own);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return FILE;
  }

  /**
   * Of the code that the bytes of a model come from: a file that earlier code has made is not taken
   * for one of this build's.
   */
  private static String digestOfTheMaker() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      Path code =
          Path.of(ModelMaker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (FileSystem jar = Files.isDirectory(code) ? null : FileSystems.newFileSystem(code)) {
        Path root = jar == null ? code : jar.getPath("/");
        Path maker = root.resolve(ModelMaker.class.getPackageName().replace('.', '/'));
        try (Stream<Path> classes = Files.list(maker)) {
          for (Path one : classes.filter(Files::isRegularFile).sorted().toList()) {
            digest.update(Files.readAllBytes(one));
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
