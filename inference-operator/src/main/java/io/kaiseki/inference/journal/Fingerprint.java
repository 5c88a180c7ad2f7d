package io.kaiseki.inference.journal;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.schemas.digest.Sha256;
import java.util.regex.Pattern;

/**
 * What a request asks of the model, as a digest: the analysis and the document's text. A document
 * that is sent again under another id has the same one, since it would do the same harm. The text
 * can't be read from it.
 *
 * @param hex the first 16 bytes of a SHA-256, in lower-case hex
 */
public record Fingerprint(String hex) {

  /** Characters of {@link #hex}. */
  static final int LENGTH = 32;

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{" + LENGTH + "}");

  /**
   * @throws IllegalArgumentException if it is not 32 hex digits
   */
  public Fingerprint {
    if (!valid(hex)) {
      throw new IllegalArgumentException("a fingerprint is 32 hex digits, not " + hex);
    }
  }

  /** The fingerprint of a request. */
  public static Fingerprint of(CompletionRequest request) {
    Analysis analysis = request.analysis();
    String asked = String.join("\0", analysis.name(), analysis.version(), request.document());
    return new Fingerprint(Sha256.hex(asked).substring(0, LENGTH));
  }

  /** Whether a text is one; files may hold anything. */
  static boolean valid(String text) {
    return FORM.matcher(text).matches();
  }
}
