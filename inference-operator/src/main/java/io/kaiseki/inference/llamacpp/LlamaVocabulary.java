package io.kaiseki.inference.llamacpp;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.kaiseki.inference.contract.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A loaded model's tokens. Reads only what llama.cpp never changes after loading, so any thread may
 * call it while the model is open.
 */
final class LlamaVocabulary implements Vocabulary {

  // llama_token_attr of llama.h.
  private static final int UNUSED = 1 << 1;
  private static final int NORMAL = 1 << 2;
  private static final int CONTROL = 1 << 3;
  private static final int USER_DEFINED = 1 << 4;
  private static final int BYTE = 1 << 5;

  private static final int PIECE_BYTES = 1024;

  /**
   * Longest text, in characters, that goes to the native tokenizer at once. Its pre-tokenizer is a
   * regular expression that takes some 300 bytes of stack for each letter of a run: 1024 letters
   * brought down a JVM on a thread with a stack of 256 KiB, and 4096 on one with the usual 1 MiB.
   */
  private static final int CHUNK = 512;

  private final LlamaApi api;
  private final Pointer vocab;
  private final byte[][] bytes;
  private final boolean[] special;
  private final List<String> markers = new ArrayList<>();

  LlamaVocabulary(LlamaApi api, Pointer vocab) {
    this.api = api;
    this.vocab = vocab;
    int size = api.llama_vocab_n_tokens(vocab);
    bytes = new byte[size][];
    special = new boolean[size];
    try (Memory buffer = new Memory(PIECE_BYTES)) {
      for (int token = 0; token < size; token++) {
        int attributes = api.llama_vocab_get_attr(vocab, token);
        special[token] = (attributes & (CONTROL | USER_DEFINED)) != 0;
        if (special[token] && (attributes & UNUSED) == 0) {
          markers.add(LlamaLibrary.utf8(api.llama_vocab_get_text(vocab, token)));
        }
        boolean text = (attributes & (NORMAL | BYTE)) != 0;
        int length =
            text ? api.llama_token_to_piece(vocab, token, buffer, PIECE_BYTES, 0, (byte) 0) : 0;
        bytes[token] = length <= 0 ? new byte[0] : buffer.getByteArray(0, length);
      }
    }
  }

  @Override
  public int size() {
    return bytes.length;
  }

  @Override
  public byte[] bytes(int token) {
    return bytes[token];
  }

  /** Whether a token is a control or user-defined one, which no text of others must become. */
  boolean special(int token) {
    return special[token];
  }

  /** Texts of the control and user-defined tokens. */
  List<String> markers() {
    return List.copyOf(markers);
  }

  int beginOfSequence() {
    return api.llama_vocab_bos(vocab);
  }

  boolean addsBeginOfSequence() {
    return api.llama_vocab_get_add_bos(vocab) != 0;
  }

  /** Finds no control tokens, but user-defined ones, unless their markers are neutralized first. */
  @Override
  public int[] tokenize(String text) {
    int[] tokens = new int[text.length() + 8];
    int count = 0;
    for (int from = 0; from < text.length(); ) {
      int to = chunkEnd(text, from);
      int[] part = tokenize(text.substring(from, to), false);
      if (count + part.length > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(tokens.length * 2, count + part.length));
      }
      System.arraycopy(part, 0, tokens, count, part.length);
      count += part.length;
      from = to;
    }
    return Arrays.copyOf(tokens, count);
  }

  /** Cuts before a space where it can: byte-pair tokenizers cut there as well. */
  private static int chunkEnd(String text, int from) {
    int limit = from + CHUNK;
    if (limit >= text.length()) {
      return text.length();
    }
    for (int at = limit; at > from + CHUNK / 2; at--) {
      if (text.charAt(at) == ' ' && text.charAt(at - 1) > ' ') {
        return at;
      }
    }
    return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
  }

  /** The tokens of one of the chat format's markers: its control token where there is one. */
  int[] marker(String text) {
    return tokenize(text, true);
  }

  private int[] tokenize(String text, boolean parseSpecial) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length == 0) {
      return new int[0];
    }
    int capacity = utf8.length + 8;
    try (Memory in = new Memory(utf8.length);
        Memory out = new Memory(4L * capacity)) {
      in.write(0, utf8, 0, utf8.length);
      int count =
          api.llama_tokenize(
              vocab, in, utf8.length, out, capacity, (byte) 0, (byte) (parseSpecial ? 1 : 0));
      if (count < 0) {
        throw new IllegalStateException(
            "llama_tokenize needs " + -count + " tokens for " + utf8.length + " bytes");
      }
      return out.getIntArray(0, count);
    }
  }
}
