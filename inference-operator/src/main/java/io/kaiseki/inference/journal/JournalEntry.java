package io.kaiseki.inference.journal;

/**
 * A document on its way through native code, which it may enter and leave several times. One thread
 * at a time calls; both methods are fast and never fail.
 */
public interface JournalEntry {

  /** From now on, a death of the process makes the document a suspect. */
  void enter();

  /** The document is out of native code. Does nothing if it was not in. */
  void leave();

  /** The entry of a document that is not journalled. */
  JournalEntry NONE =
      new JournalEntry() {
        @Override
        public void enter() {}

        @Override
        public void leave() {}
      };
}
