package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.InvalidModelFileException.Remedy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The SHA-256 of a file, streamed. */
public final class FileDigest {

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int HEX_DIGITS = 64;

  private FileDigest() {}

  /**
   * Reads the whole file.
   *
   * @return 64 hexadecimal digits in lower case
   * @throws InvalidModelFileException if the file can't be read
   */
  public static String sha256(Path file, ByteProgress progress) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MessageDigest digest = begin();
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      long total = channel.size();
      long done = 0;
      while (channel.read(chunk.clear()) >= 0) {
        chunk.flip();
        done += chunk.remaining();
        digest.update(chunk);
        progress.advanced(done, Math.max(done, total));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new InvalidModelFileException(
          file.toString(), "cannot be read: " + e, Remedy.CHECK_PATH, e);
    }
  }

  /** A SHA-256 that has read nothing yet. */
  static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A SHA-256 in lower case. */
  static String normalised(String sha256) {
    String digits = sha256.strip().toLowerCase(Locale.ROOT);
    if (digits.length() != HEX_DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException(
          "the SHA-256 of a model file must be 64 hexadecimal digits, but is '" + sha256 + "'");
    }
    return digits;
  }
}
