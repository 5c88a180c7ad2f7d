package io.kaiseki.inference.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A set of alternatives as a radix tree over tokens. Where one alternative's tokens begin
 * another's, the shorter one's path goes on into what would follow it, so that every alternative
 * has a leaf.
 */
final class ChoiceTable {

  /**
   * A place where alternatives part, or the leaf of one.
   *
   * @param edge tokens from the parent to here
   * @param path tokens from the tree's first parting to here
   * @param alternative index of the alternative that ends here, or -1
   */
  record Node(int[] edge, int[] path, List<Node> children, int alternative) {
    boolean leaf() {
      return children.isEmpty();
    }
  }

  /**
   * A way to write an alternative.
   *
   * @param tokens its tokens and those that look ahead
   */
  private record Path(int alternative, int[] tokens) {}

  private final int[] choices;
  private final int[][] emissions;
  private final Node root;
  private final boolean followable;

  /**
   * @param choices indexes of the alternatives in their state
   * @param emissions tokens of each, in the same order
   * @param lookahead token sequences that can follow one, by its place in that order; asked only
   *     for those that begin another
   * @throws IllegalArgumentException if two are the same to the model
   */
  ChoiceTable(int[] choices, int[][] emissions, IntFunction<int[][]> lookahead) {
    this.choices = choices;
    this.emissions = emissions;
    List<Path> paths = new ArrayList<>();
    boolean[] beginning = beginningOthers(emissions);
    for (int i = 0; i < choices.length; i++) {
      if (beginning[i]) {
        for (int[] next : lookahead.apply(i)) {
          paths.add(new Path(i, concat(emissions[i], next)));
        }
      } else {
        paths.add(new Path(i, emissions[i]));
      }
    }
    int common = commonPrefix(paths, 0);
    root = node(paths, 0, common, common);
    followable = reaches(root, 0);
  }

  /**
   * Which sequences begin another one, or are equal to it. In order, whatever begins with a
   * sequence comes right behind it, so that neighbours are all that has to be compared: there may
   * be thousands.
   */
  private static boolean[] beginningOthers(int[][] sequences) {
    int[] order =
        IntStream.range(0, sequences.length)
            .boxed()
            .sorted(Comparator.comparing(i -> sequences[i], Arrays::compare))
            .mapToInt(i -> i)
            .toArray();
    boolean[] beginning = new boolean[sequences.length];
    for (int i = 1; i < order.length; i++) {
      int[] own = sequences[order[i - 1]];
      int[] next = sequences[order[i]];
      if (next.length >= own.length && Arrays.equals(own, 0, own.length, next, 0, own.length)) {
        beginning[order[i - 1]] = true;
        beginning[order[i]] |= next.length == own.length;
      }
    }
    return beginning;
  }

  private static Node node(List<Path> paths, int from, int depth, int origin) {
    int[] tokens = paths.get(0).tokens;
    int[] edge = Arrays.copyOfRange(tokens, from, depth);
    int[] path = Arrays.copyOfRange(tokens, origin, depth);
    int alternative = paths.get(0).alternative;
    if (paths.stream().allMatch(p -> p.alternative == alternative)) {
      return new Node(edge, path, List.of(), alternative);
    }
    // In the order in which they come: where the model finds two alike, the first is taken.
    Map<Integer, List<Path>> ways = new LinkedHashMap<>();
    for (Path each : paths) {
      if (each.tokens.length == depth) {
        throw new IllegalArgumentException(
            "alternatives can't be told apart by this model's tokens");
      }
      ways.computeIfAbsent(each.tokens[depth], token -> new ArrayList<>()).add(each);
    }
    List<Node> children = new ArrayList<>(ways.size());
    for (List<Path> way : ways.values()) {
      boolean one = way.stream().allMatch(p -> p.alternative == way.get(0).alternative);
      children.add(node(way, depth, one ? depth + 1 : commonPrefix(way, depth), origin));
    }
    return new Node(edge, path, List.copyOf(children), -1);
  }

  private static int commonPrefix(List<Path> paths, int from) {
    int[] first = paths.get(0).tokens;
    int depth = from;
    while (true) {
      int at = depth;
      for (Path path : paths) {
        if (at >= path.tokens.length || path.tokens[at] != first[at]) {
          return depth;
        }
      }
      depth++;
    }
  }

  private static int[] concat(int[] head, int[] tail) {
    int[] whole = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, whole, head.length, tail.length);
    return whole;
  }

  /** Whether the tokens that all alternatives share are already all the tokens of one. */
  boolean completesOne() {
    return Arrays.stream(emissions).anyMatch(emission -> emission.length <= root.edge().length);
  }

  /**
   * Whether the tokens on the way to any parting write what all the alternatives behind it begin
   * with. Else some of them would be written before what they are to follow.
   */
  boolean canBeFollowed() {
    return followable;
  }

  private boolean reaches(Node node, int parting) {
    if (node.leaf()) {
      return emissions[node.alternative()].length >= parting;
    }
    int next = root.edge().length + node.path().length;
    return node.children().stream().allMatch(child -> reaches(child, next));
  }

  /** Number of alternatives. */
  int size() {
    return choices.length;
  }

  /** Index, in its state, of an alternative. */
  int choice(int alternative) {
    return choices[alternative];
  }

  /** Tokens that write an alternative. */
  int[] emission(int alternative) {
    return emissions[alternative];
  }

  /** The first parting; its edge are the tokens that all alternatives share. */
  Node root() {
    return root;
  }
}
