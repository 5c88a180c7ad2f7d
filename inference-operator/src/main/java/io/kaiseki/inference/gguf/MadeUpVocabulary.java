package io.kaiseki.inference.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The vocabulary of a made-up model: a byte-level BPE learned from a page of our own business text
 * in many languages, JSON among it, then made-up syllables up to the ordinary tokens of the shape,
 * its special tokens and place holders. Every byte has a token, so any text can be tokenised.
 *
 * @param tokens by number
 * @param types by number
 * @param merges in order of rank
 */
record MadeUpVocabulary(List<String> tokens, List<TokenType> types, List<String> merges) {

  private static final String TEXT = "business-text.txt";

  /** Keeps the large shapes from asking a page of text for 150,000 tokens. */
  private static final int LEARNED_LIMIT = 4096;

  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxz";
  private static final String VOWELS = "aeiou";
  private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();

  static MadeUpVocabulary of(ModelShape shape, TokenType thinkTokenType) {
    BytePairTrainer.Learned learned =
        BytePairTrainer.learn(
            shape.preTokenizer().pieces(text()), Math.min(shape.ordinaryTokens(), LEARNED_LIMIT));
    List<String> tokens = new ArrayList<>(learned.tokens());
    addSyllables(tokens, shape.ordinaryTokens());
    List<TokenType> types = new ArrayList<>();
    tokens.forEach(token -> types.add(TokenType.NORMAL));
    for (String special : shape.specialTokens()) {
      tokens.add(special);
      boolean think =
          special.equals(R1Marker.THINK.text()) || special.equals(R1Marker.END_THINK.text());
      types.add(think ? thinkTokenType : TokenType.CONTROL);
    }
    while (tokens.size() < shape.vocabularySize()) {
      tokens.add("[PAD" + tokens.size() + "]");
      types.add(TokenType.UNUSED);
    }
    return new MadeUpVocabulary(tokens, types, learned.merges());
  }

  /** No merge leads to them, but the model can choose them, which is what costs time. */
  private static void addSyllables(List<String> tokens, int size) {
    Set<String> known = new HashSet<>(tokens);
    for (int i = SYLLABLES; tokens.size() < size; i++) {
      StringBuilder word = new StringBuilder();
      for (int rest = i; rest > 0; rest /= SYLLABLES) {
        int syllable = rest % SYLLABLES;
        word.append(CONSONANTS.charAt(syllable / VOWELS.length()));
        word.append(VOWELS.charAt(syllable % VOWELS.length()));
      }
      if (i % 2 == 1) {
        word.insert(0, ByteLevelAlphabet.symbol(' '));
      }
      if (known.add(word.toString())) {
        tokens.add(word.toString());
      }
    }
  }

  private static String text() {
    try (InputStream in =
        Objects.requireNonNull(MadeUpVocabulary.class.getResourceAsStream(TEXT), TEXT)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + TEXT, e);
    }
  }
}
