package io.kaiseki.inference.gguf;

/** Hears how far a long read or write has come; called on the thread that does the work. */
@FunctionalInterface
public interface ByteProgress {

  /** Hears nothing. */
  ByteProgress NONE = (done, total) -> {};

  /**
   * @param done bytes so far
   * @param total bytes in all
   */
  void advanced(long done, long total);
}
