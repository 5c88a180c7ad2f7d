package io.kaiseki.inference.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Learns byte-pair merges from text (Sennrich et al. 2016, on bytes as in GPT-2): again and again
 * the most frequent neighbouring pair becomes a token. Counts are kept up to date merge by merge,
 * so the cost follows the words that change. Ties go to the older symbols: the same text always
 * gives the same merges.
 */
final class BytePairTrainer {

  /** A pair seen once says nothing about the text. */
  private static final int FEWEST = 2;

  /**
   * @param tokens the 256 byte symbols, then the learned tokens, all different
   * @param merges in order of rank, left and right part with a space between
   */
  record Learned(List<String> tokens, List<String> merges) {}

  private static final class Word {
    final int count;
    int[] symbols;

    Word(int count, int[] symbols) {
      this.count = count;
      this.symbols = symbols;
    }
  }

  private record Candidate(int count, long pair) {}

  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<Word> words = new ArrayList<>();
  private final Map<Long, Integer> counts = new HashMap<>();
  private final Map<Long, Set<Integer>> wordsOfPair = new HashMap<>();
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          Comparator.comparingInt(Candidate::count).reversed().thenComparing(Candidate::pair));

  private BytePairTrainer() {
    for (int b = 0; b < 256; b++) {
      add(String.valueOf(ByteLevelAlphabet.symbol(b)));
    }
  }

  /**
   * @param pieces text after pre-tokenisation
   * @param tokenLimit most tokens in all, the 256 byte symbols included
   */
  static Learned learn(List<String> pieces, int tokenLimit) {
    BytePairTrainer trainer = new BytePairTrainer();
    trainer.read(pieces);
    return trainer.merge(tokenLimit);
  }

  private void read(List<String> pieces) {
    Map<String, Integer> frequency = new LinkedHashMap<>();
    pieces.forEach(piece -> frequency.merge(ByteLevelAlphabet.spell(piece), 1, Integer::sum));
    frequency.forEach(
        (word, count) -> {
          int[] symbols = word.chars().map(c -> id(String.valueOf((char) c))).toArray();
          words.add(new Word(count, symbols));
          countPairs(words.size() - 1, 1);
        });
    counts.forEach((pair, count) -> queue.add(new Candidate(count, pair)));
  }

  private Learned merge(int tokenLimit) {
    List<String> merges = new ArrayList<>();
    while (tokens.size() < tokenLimit) {
      Candidate best = queue.poll();
      if (best == null || best.count() < FEWEST) {
        break;
      }
      if (counts.getOrDefault(best.pair(), 0) != best.count()) {
        continue; // Outdated: the pair was queued again with its new count.
      }
      int left = (int) (best.pair() >>> 32);
      int right = (int) best.pair();
      merges.add(tokens.get(left) + " " + tokens.get(right));
      replace(best.pair(), left, right, add(tokens.get(left) + tokens.get(right)));
    }
    return new Learned(List.copyOf(tokens), List.copyOf(merges));
  }

  private void replace(long pair, int left, int right, int merged) {
    Set<Long> changed = new HashSet<>();
    for (int index : List.copyOf(wordsOfPair.getOrDefault(pair, Set.of()))) {
      Word word = words.get(index);
      changed.addAll(countPairs(index, -1));
      word.symbols = merged(word.symbols, left, right, merged);
      changed.addAll(countPairs(index, 1));
    }
    counts.remove(pair);
    wordsOfPair.remove(pair);
    for (long other : changed) {
      int count = counts.getOrDefault(other, 0);
      if (count >= FEWEST) {
        queue.add(new Candidate(count, other));
      }
    }
  }

  private Set<Long> countPairs(int index, int sign) {
    Word word = words.get(index);
    Set<Long> touched = new HashSet<>();
    for (int i = 0; i + 1 < word.symbols.length; i++) {
      long pair = (long) word.symbols[i] << 32 | word.symbols[i + 1];
      touched.add(pair);
      counts.merge(pair, sign * word.count, Integer::sum);
      if (sign > 0) {
        wordsOfPair.computeIfAbsent(pair, p -> new HashSet<>()).add(index);
      }
    }
    return touched;
  }

  private static int[] merged(int[] symbols, int left, int right, int merged) {
    int[] shorter = new int[symbols.length];
    int length = 0;
    for (int i = 0; i < symbols.length; i++) {
      if (i + 1 < symbols.length && symbols[i] == left && symbols[i + 1] == right) {
        shorter[length++] = merged;
        i++;
      } else {
        shorter[length++] = symbols[i];
      }
    }
    return Arrays.copyOf(shorter, length);
  }

  /** Two merges can spell the same token; it keeps its first number. */
  private int add(String token) {
    Integer known = ids.putIfAbsent(token, tokens.size());
    if (known != null) {
      return known;
    }
    tokens.add(token);
    return tokens.size() - 1;
  }

  private int id(String token) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalStateException("no symbol for " + token);
    }
    return id;
  }
}
