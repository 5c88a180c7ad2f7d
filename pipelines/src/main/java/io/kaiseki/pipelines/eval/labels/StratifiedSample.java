package io.kaiseki.pipelines.eval.labels;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Takes a part of some things in which every stratum has its share. */
final class StratifiedSample {

  private StratifiedSample() {}

  /**
   * The sample. Shares are rounded down; what is left goes to the strata that lost most by it
   * (largest remainder). The same arguments give the same sample.
   *
   * @param stratum the stratum of each
   * @param most how many to take; all where there are no more
   * @param seed decides which of a stratum are taken
   * @return those taken, in their order
   */
  static <T> List<T> of(List<T> all, Function<T, String> stratum, int most, long seed) {
    if (most >= all.size()) {
      return all;
    }
    Map<String, List<Integer>> strata = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      strata.computeIfAbsent(stratum.apply(all.get(i)), name -> new ArrayList<>()).add(i);
    }
    Map<String, Integer> shares = shares(strata, all.size(), most);
    Random random = new Random(seed);
    List<Integer> taken = new ArrayList<>();
    strata.forEach(
        (name, members) -> {
          Collections.shuffle(members, random);
          taken.addAll(members.subList(0, shares.getOrDefault(name, 0)));
        });
    return taken.stream().sorted().map(all::get).toList();
  }

  private static Map<String, Integer> shares(Map<String, List<Integer>> strata, int all, int most) {
    Map<String, Integer> shares = new LinkedHashMap<>();
    int left = most;
    for (Map.Entry<String, List<Integer>> entry : strata.entrySet()) {
      int share = (int) ((long) entry.getValue().size() * most / all);
      shares.put(entry.getKey(), share);
      left -= share;
    }
    List<String> byRemainder =
        strata.keySet().stream()
            .sorted(
                Comparator.comparingLong(
                        (String name) -> (long) strata.get(name).size() * most % all)
                    .reversed())
            .toList();
    for (String name : byRemainder.subList(0, left)) {
      shares.merge(name, 1, Integer::sum);
    }
    return shares;
  }
}
