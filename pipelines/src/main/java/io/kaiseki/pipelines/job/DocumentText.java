package io.kaiseki.pipelines.job;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.schemas.Document;
import java.io.Serializable;
import java.util.OptionalInt;

/**
 * Turns a document into the text that the model reads: the title, a blank line, the body. What
 * there is no text of, or more text than allowed, is not given to the model.
 */
public final class DocumentText implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int longest;

  /**
   * @param longest most UTF-16 characters of a document; empty where only the context limits it
   */
  public DocumentText(OptionalInt longest) {
    this.longest = longest.orElse(Integer.MAX_VALUE);
  }

  /** The text of a document, or why there is none for the model. */
  public Prepared prepare(Document document) {
    String title = document.getTitle() == null ? "" : document.getTitle().strip();
    String body = document.getBody().strip();
    String text = title.isEmpty() || body.isEmpty() ? title + body : title + "\n\n" + body;
    if (text.isEmpty()) {
      return new Unfit(FailureReason.REFUSED, "the document has neither a title nor a body");
    }
    if (text.length() > longest) {
      return new Unfit(
          FailureReason.TOO_LONG,
          "the document has "
              + text.length()
              + " characters, more than limits.document-characters = "
              + longest);
    }
    return new Text(text);
  }

  /** What became of a document. */
  public sealed interface Prepared {}

  /** Text for the model. */
  public record Text(String text) implements Prepared {}

  /** Nothing for the model. */
  public record Unfit(FailureReason reason, String message) implements Prepared {}
}
