package io.kaiseki.pipelines.backfill.done;

import io.kaiseki.schemas.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Stands for a document with its content, by 8 bytes each of two SHA-256. Two documents share one
 * by chance with a probability that is negligible for any number of documents that fits into
 * memory.
 *
 * @param high of the id alone, so that what is known of one id can be found by it
 * @param low of the id and what is analysed
 */
public record DocumentFingerprint(long high, long low) {

  /**
   * The fingerprint of a document.
   *
   * @param documentId its id
   * @param textSha256 SHA-256 of what is analysed, in lower-case hex
   */
  public static DocumentFingerprint of(String documentId, String textSha256) {
    byte[] id = documentId.getBytes(StandardCharsets.UTF_8);
    byte[] text = textSha256.getBytes(StandardCharsets.UTF_8);
    // The length in front keeps an id that ends like a hash from being another document.
    ByteBuffer both = ByteBuffer.allocate(Integer.BYTES + id.length + text.length);
    both.putInt(id.length).put(id).put(text);
    return new DocumentFingerprint(high(id), start(both.array()));
  }

  /**
   * What the fingerprints of a document have in common, whatever its content.
   *
   * @param documentId its id in UTF-8
   */
  static long high(byte[] documentId) {
    return start(documentId);
  }

  private static long start(byte[] bytes) {
    return ByteBuffer.wrap(Sha256.of(bytes)).getLong();
  }
}
