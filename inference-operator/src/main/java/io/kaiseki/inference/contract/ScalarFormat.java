package io.kaiseki.inference.contract;

/**
 * A bounded text format of digits and punctuation. It is asked byte by byte, and never accepts a
 * byte that would lead into a dead end.
 */
interface ScalarFormat {

  /** All bytes that any scalar format uses. */
  String ALPHABET = "0123456789-.:TZ";

  /** Whether some valid value starts with the prefix and then this character. */
  boolean canExtend(CharSequence prefix, char next);

  /** Whether the prefix is a valid value. */
  boolean canEnd(CharSequence prefix);

  /** Greatest length of a value in characters. */
  int maxLength();
}
