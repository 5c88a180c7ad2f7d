package io.kaiseki.inference.gguf;

/**
 * What {@code tokenizer.ggml.token_type} says of a token; the ordinal is the number in the file.
 */
public enum TokenType {
  UNDEFINED,
  NORMAL,
  UNKNOWN,
  /** Never part of text: turn markers, begin and end of sequence. */
  CONTROL,
  /** Matched in text even where special tokens are switched off, such as {@code <think>}. */
  USER_DEFINED,
  /** A place holder that fills the vocabulary up to its published size. */
  UNUSED,
  BYTE
}
