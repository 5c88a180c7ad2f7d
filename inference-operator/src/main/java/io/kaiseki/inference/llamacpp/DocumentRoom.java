package io.kaiseki.inference.llamacpp;

import java.util.Optional;

/**
 * What an engine has left for a document of an analysis, in tokens, and what takes the rest.
 *
 * @param context cells that prefixes and requests share
 * @param trained positions that the model was trained for
 * @param instructions tokens in front of the document
 * @param afterDocument most tokens behind it: end of prompt, reasoning and answer
 */
record DocumentRoom(int context, int trained, int instructions, long afterDocument) {

  /** The most tokens that a document may have; under 1 where none fits. */
  long tokens() {
    return Math.min(context, trained) - instructions - afterDocument;
  }

  /**
   * Tells of a document that does not fit, and of what to do.
   *
   * @param size of the document, with its unit
   */
  String tooLong(String size) {
    return "the document has "
        + size
        + ", but at most "
        + Math.max(0, tokens())
        + " tokens are left for it: "
        + arithmetic()
        + "; "
        + (noneFits()
            ? "no document fits: " + remedyForAll()
            : (wantsContext() ? "raise model.context-tokens or " : "") + "shorten the document");
  }

  /** Why no document fits at all, and what to do; empty where one does. */
  Optional<String> unsupported() {
    return noneFits()
        ? Optional.of("leaves no token for a document: " + arithmetic() + "; " + remedyForAll())
        : Optional.empty();
  }

  private boolean noneFits() {
    return tokens() < 1;
  }

  /** Whether it is the context that leaves too little, and not what the model was trained for. */
  private boolean wantsContext() {
    return context < trained;
  }

  private String remedyForAll() {
    return "lower reasoning.budget, or shorten the instructions or what the result schema allows"
        + (wantsContext() ? ", or raise model.context-tokens" : "");
  }

  private String arithmetic() {
    return (wantsContext()
            ? "the context (" + context + ")"
            : "what the model was trained for (" + trained + ")")
        + ", less instructions "
        + instructions
        + " and end of prompt, reasoning and answer "
        + afterDocument;
  }
}
