package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoiceTableTest {

  /** A way to write an alternative, in the words of the plain definition. */
  private record Way(int alternative, List<Integer> tokens) {}

  @Test
  void whatever_the_alternatives_the_table_is_what_its_definition_says() {
    Random random = new Random(20_261_201);
    int parted = 0;
    for (int round = 0; round < 4_000; round++) {
      int[][] emissions = emissions(random);
      int[][] lookahead = {{7}, {8, random.nextInt(3)}, {8, 9}};
      List<Way> ways = ways(emissions, lookahead);
      if (ways.stream().map(Way::tokens).distinct().count() < ways.size()) {
        assertThatThrownBy(() -> table(emissions, lookahead))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("can't be told apart");
      } else {
        int common = common(ways, 0);
        assertThat(described(table(emissions, lookahead).root()))
            .as(() -> Arrays.deepToString(emissions))
            .isEqualTo(defined(ways, 0, common, common));
        parted++;
      }
    }
    assertThat(parted).isGreaterThan(1_000);
  }

  @Test
  void only_what_begins_another_alternative_is_looked_behind() {
    int[][] emissions = {{1, 2}, {1}, {3}, {1, 2, 4}, {3, 3}, {5}};
    Set<Integer> asked = new LinkedHashSet<>();

    new ChoiceTable(
        IntStream.range(0, emissions.length).toArray(),
        emissions,
        alternative -> {
          asked.add(alternative);
          return new int[][] {{9}};
        });

    assertThat(asked).containsExactly(0, 1, 2);
  }

  @Test
  void the_time_for_a_table_grew_with_the_square_of_its_alternatives() {
    int labels = 300_000;
    int[][] emissions = new int[labels][];
    Arrays.setAll(emissions, i -> new int[] {1, 2 + i / 2, i % 2});

    ChoiceTable table =
        assertTimeoutPreemptively(Duration.ofMinutes(3), () -> table(emissions, new int[][] {{9}}));

    assertThat(table.size()).isEqualTo(labels);
    assertThat(table.root().children()).hasSize(labels / 2);
  }

  private static ChoiceTable table(int[][] emissions, int[][] lookahead) {
    return new ChoiceTable(
        IntStream.range(0, emissions.length).toArray(), emissions, alternative -> lookahead);
  }

  /** Of so few tokens that many begin others, and some are equal. */
  private static int[][] emissions(Random random) {
    int[][] emissions = new int[1 + random.nextInt(6)][];
    Arrays.setAll(emissions, i -> random.ints(1 + random.nextInt(4), 0, 3).toArray());
    return emissions;
  }

  /** The alternatives' tokens; behind those that begin another one, what can follow them. */
  private static List<Way> ways(int[][] emissions, int[][] lookahead) {
    List<Way> ways = new ArrayList<>();
    for (int i = 0; i < emissions.length; i++) {
      List<Integer> own = list(emissions[i]);
      int self = i;
      boolean begins =
          IntStream.range(0, emissions.length)
              .filter(other -> other != self)
              .mapToObj(other -> list(emissions[other]))
              .anyMatch(
                  other -> other.size() >= own.size() && other.subList(0, own.size()).equals(own));
      if (begins) {
        for (int[] next : lookahead) {
          List<Integer> whole = new ArrayList<>(own);
          whole.addAll(list(next));
          ways.add(new Way(i, whole));
        }
      } else {
        ways.add(new Way(i, own));
      }
    }
    return ways;
  }

  /** A node as text: its edge, its path, and its alternative or its children. */
  private static String defined(List<Way> ways, int from, int depth, int origin) {
    List<Integer> tokens = ways.get(0).tokens();
    StringBuilder text = new StringBuilder();
    text.append(tokens.subList(from, depth)).append(tokens.subList(origin, depth));
    if (ways.stream().mapToInt(Way::alternative).distinct().count() == 1) {
      return text.append("=").append(ways.get(0).alternative()).toString();
    }
    text.append("(");
    for (int token : ways.stream().map(way -> way.tokens().get(depth)).distinct().toList()) {
      List<Way> same = ways.stream().filter(way -> way.tokens().get(depth) == token).toList();
      boolean one = same.stream().mapToInt(Way::alternative).distinct().count() == 1;
      text.append(defined(same, depth, one ? depth + 1 : common(same, depth), origin));
    }
    return text.append(")").toString();
  }

  private static int common(List<Way> ways, int from) {
    int depth = from;
    while (true) {
      int at = depth;
      Set<Integer> next = new LinkedHashSet<>();
      for (Way way : ways) {
        next.add(at < way.tokens().size() ? way.tokens().get(at) : -1);
      }
      if (next.size() > 1 || next.contains(-1)) {
        return depth;
      }
      depth++;
    }
  }

  private static String described(ChoiceTable.Node node) {
    StringBuilder text = new StringBuilder();
    text.append(list(node.edge())).append(list(node.path()));
    if (node.leaf()) {
      return text.append("=").append(node.alternative()).toString();
    }
    assertThat(node.alternative()).isEqualTo(-1);
    text.append("(");
    node.children().forEach(child -> text.append(described(child)));
    return text.append(")").toString();
  }

  private static List<Integer> list(int[] tokens) {
    return Arrays.stream(tokens).boxed().toList();
  }
}
