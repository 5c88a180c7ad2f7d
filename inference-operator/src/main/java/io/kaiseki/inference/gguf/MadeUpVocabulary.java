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

/** Vocabularies of the size that a shape asks for. */
final class MadeUpVocabulary {

  private static final String TEXT = "business-text.txt";

  /** Keeps the large shapes from asking a page of text for 150,000 tokens. */
  private static final int LEARNED_LIMIT = 4096;

  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxz";
  private static final String VOWELS = "aeiou";
  private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();

  private MadeUpVocabulary() {}

  /**
   * A byte-level BPE learned from a page of our own business text in many languages, JSON among it,
   * then made-up syllables up to the ordinary tokens of the shape, its special tokens and place
   * holders. Every byte has a token, so any text can be tokenised.
   */
  static TokenTable of(ModelShape shape, TokenType thinkTokenType) {
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
    return new TokenTable(tokens, types, learned.merges());
  }

  /**
   * The vocabulary of a file, each token at its place, filled up to that of a shape with syllables
   * that no text becomes.
   */
  static TokenTable of(ModelFile model, ModelShape shape) {
    TokenTable held = VocabularyReader.content(model);
    List<String> tokens = new ArrayList<>(held.tokens());
    addSyllables(tokens, shape.vocabularySize());
    List<TokenType> types = new ArrayList<>(held.types());
    while (types.size() < tokens.size()) {
      types.add(TokenType.NORMAL);
    }
    return new TokenTable(tokens, types, held.merges());
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
