package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.schemas.digest.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * What makes two requests to one engine the same question: all of the analysis, and the document's
 * text. The model and its settings are the engine's own.
 *
 * @param document SHA-256 of the text, so that the text itself is not kept
 */
record AnswerKey(Analysis analysis, ByteBuffer document) {

  static AnswerKey of(CompletionRequest request) {
    MessageDigest digest = Sha256.begin();
    String text = request.document();
    // UTF-16 as it is: an encoder would make the same of all halves of characters.
    ByteBuffer chunk = ByteBuffer.allocate(8_192);
    for (int i = 0; i < text.length(); i++) {
      if (!chunk.hasRemaining()) {
        digest.update(chunk.flip());
        chunk.clear();
      }
      chunk.putChar(text.charAt(i));
    }
    digest.update(chunk.flip());
    return new AnswerKey(request.analysis(), ByteBuffer.wrap(digest.digest()).asReadOnlyBuffer());
  }
}
