package io.kaiseki.inference.llamacpp;

import io.kaiseki.schemas.digest.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * SHA-256 of texts, each with its length in front, so that nothing moves across the border of two
 * unnoticed. They count as UTF-16, as they are: an encoder would make the same of all halves of
 * characters.
 */
final class TextDigest {

  private final MessageDigest digest = Sha256.begin();
  private final ByteBuffer chunk = ByteBuffer.allocate(8_192);

  TextDigest add(String text) {
    makeRoom(Integer.BYTES);
    chunk.putInt(text.length());
    for (int i = 0; i < text.length(); i++) {
      makeRoom(Character.BYTES);
      chunk.putChar(text.charAt(i));
    }
    return this;
  }

  /** Adds bytes of a number that is always the same. */
  TextDigest add(ByteBuffer bytes) {
    makeRoom(bytes.remaining());
    chunk.put(bytes.duplicate());
    return this;
  }

  private void makeRoom(int bytes) {
    if (chunk.remaining() < bytes) {
      digest.update(chunk.flip());
      chunk.clear();
    }
  }

  /** The digest of what was added, in 32 bytes that can't be changed; nothing can be added now. */
  ByteBuffer end() {
    digest.update(chunk.flip());
    return ByteBuffer.wrap(digest.digest()).asReadOnlyBuffer();
  }
}
