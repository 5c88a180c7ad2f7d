package io.kaiseki.inference.gguf;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How text is cut into pieces before byte pairs are merged; merges never reach across a cut. The
 * identifiers and the cuts are llama.cpp's.
 */
public enum PreTokenizer {
  /** Qwen 2's: each digit is a piece. */
  DEEPSEEK_R1_QWEN("deepseek-r1-qwen", "\\p{N}"),
  /** Llama 3's: digits in groups of up to three. */
  LLAMA_BPE("llama-bpe", "\\p{N}{1,3}");

  private final String id;
  private final Pattern piece;

  PreTokenizer(String id, String digits) {
    this.id = id;
    this.piece =
        Pattern.compile(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
                + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
                + "|"
                + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                + "|\\s*[\\r\\n]+"
                + "|\\s+(?!\\S)"
                + "|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);
  }

  /** The value of {@code tokenizer.ggml.pre}. */
  public String id() {
    return id;
  }

  List<String> pieces(String text) {
    return piece.matcher(text).results().map(MatchResult::group).toList();
  }
}
