package io.kaiseki.pipelines.backfill.done;

import io.kaiseki.schemas.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Stands for a document with its content: the first half of the SHA-256 of both. Two documents
 * share one by chance with a probability that is negligible for any number of documents that fits
 * into memory.
 *
 * @param high its first 8 bytes
 * @param low the next 8
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
    ByteBuffer digest = ByteBuffer.wrap(Sha256.of(both.array()));
    return new DocumentFingerprint(digest.getLong(), digest.getLong());
  }
}
