package io.kaiseki.desk.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which texts have a term somewhere in them, in whatever case. A term has no white space, so it
 * stands within a word: the words that hold it are found by their runs of three characters, and the
 * texts by their words. Not safe for use by many threads.
 */
final class WordIndex {

  private static final int GRAM = 3;

  private final Map<String, Word> words = new HashMap<>();

  /** The words by number; null where a number is free. */
  private final List<@Nullable Word> byNumber = new ArrayList<>();

  private final Deque<Integer> free = new ArrayDeque<>();

  /** Numbers of the words that have three characters in a row. */
  private final Map<Long, Numbers> grams = new HashMap<>();

  /** The words of each text. */
  private final Map<Integer, Set<Word>> texts = new HashMap<>();

  /** A word, and the texts that have it. */
  private static final class Word {

    private final String text;
    private final int number;
    private final Numbers texts = new Numbers();

    Word(String text, int number) {
      this.text = text;
      this.number = number;
    }
  }

  /** The words of a text, each once. */
  static Set<String> words(String text) {
    Set<String> words = new LinkedHashSet<>();
    for (String word : text.toLowerCase(Locale.ROOT).split("\\s+")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  /** Knows a text from now on by this number; one that it knew by it before is forgotten. */
  void put(int number, String text) {
    Set<String> now = words(text);
    Set<Word> before = texts.getOrDefault(number, Set.of());
    Set<Word> after = new LinkedHashSet<>();
    for (String word : now) {
      Word known = words.computeIfAbsent(word, this::added);
      known.texts.add(number);
      after.add(known);
    }
    before.stream().filter(word -> !after.contains(word)).forEach(word -> take(word, number));
    texts.put(number, after);
  }

  /** Forgets a text. */
  void remove(int number) {
    Set<Word> before = texts.remove(number);
    if (before != null) {
      before.forEach(word -> take(word, number));
    }
  }

  /** The texts that have this term, which is in lower case and without white space. */
  BitSet find(String term) {
    BitSet found = new BitSet();
    if (term.length() < GRAM) {
      words.values().stream()
          .filter(word -> word.text.contains(term))
          .forEach(word -> word.texts.forEach(found::set));
      return found;
    }
    Numbers candidates = rarest(term);
    if (candidates != null) {
      candidates.forEach(
          number -> {
            Word word = byNumber.get(number);
            if (word != null && word.text.contains(term)) {
              word.texts.forEach(found::set);
            }
          });
    }
    return found;
  }

  /** The words that have the rarest three characters of a term; null where there are none. */
  private @Nullable Numbers rarest(String term) {
    Numbers rarest = null;
    for (int at = 0; at + GRAM <= term.length(); at++) {
      Numbers numbers = grams.get(gram(term, at));
      if (numbers == null) {
        return null;
      }
      if (rarest == null || numbers.size() < rarest.size()) {
        rarest = numbers;
      }
    }
    return rarest;
  }

  private Word added(String text) {
    Integer reused = free.poll();
    Word word = new Word(text, reused == null ? byNumber.size() : reused);
    if (reused == null) {
      byNumber.add(word);
    } else {
      byNumber.set(reused, word);
    }
    for (int at = 0; at + GRAM <= text.length(); at++) {
      grams.computeIfAbsent(gram(text, at), key -> new Numbers()).add(word.number);
    }
    return word;
  }

  /** Takes a text from a word, and forgets the word with its last one. */
  private void take(Word word, int text) {
    word.texts.remove(text);
    if (word.texts.size() > 0) {
      return;
    }
    words.remove(word.text);
    byNumber.set(word.number, null);
    free.add(word.number);
    for (int at = 0; at + GRAM <= word.text.length(); at++) {
      Long gram = gram(word.text, at);
      Numbers numbers = grams.get(gram);
      if (numbers != null) {
        numbers.remove(word.number);
        if (numbers.size() == 0) {
          grams.remove(gram);
        }
      }
    }
  }

  private static Long gram(String text, int at) {
    return (long) text.charAt(at) << 32 | (long) text.charAt(at + 1) << 16 | text.charAt(at + 2);
  }
}
