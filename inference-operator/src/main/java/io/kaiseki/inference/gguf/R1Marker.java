package io.kaiseki.inference.gguf;

import java.util.Arrays;
import java.util.Optional;

/**
 * The seven tokens that steer a DeepSeek-R1 distillation. The bars are U+FF5C, the low line between
 * the words is U+2581. They must never come out of the text of a document.
 */
public enum R1Marker {
  BEGIN_OF_SENTENCE("<\uFF5Cbegin\u2581of\u2581sentence\uFF5C>"),
  END_OF_SENTENCE("<\uFF5Cend\u2581of\u2581sentence\uFF5C>"),
  USER("<\uFF5CUser\uFF5C>"),
  ASSISTANT("<\uFF5CAssistant\uFF5C>"),
  THINK("<think>"),
  END_THINK("</think>"),
  END_OF_TURN("<|EOT|>");

  private final String text;

  R1Marker(String text) {
    this.text = text;
  }

  /** The token as it is written in the vocabulary. */
  public String text() {
    return text;
  }

  static Optional<R1Marker> withText(String text) {
    return Arrays.stream(values()).filter(marker -> marker.text.equals(text)).findFirst();
  }
}
