package io.kaiseki.inference.contract;

import java.util.Arrays;

/**
 * How the free texts of earlier answers went, field by field: a trie of tokens with the number of
 * texts that came through each node. What most of those that began like a text went on with is a
 * good guess of how it goes on. It grows up to a fixed size; then all counts are halved, which
 * forgets what came once. Belongs to one thread, as do the decoders that share it.
 */
final class EarlierTexts {

  /** Texts are told apart early; what comes later is as long as it is rare. */
  static final int LONGEST = 64;

  static final int MOST_NODES = 1 << 14;

  private static final int NONE = -1;

  /** The node above the first tokens of all texts; below it are the states of the grammar. */
  private static final int TOP = 0;

  private int[] tokens = new int[256];
  private int[] counts = new int[256];
  private int[] parents = new int[256];
  private int[] firstChildren = new int[256];
  private int[] nextSiblings = new int[256];
  private int size;
  private int prunings;

  EarlierTexts() {
    clear();
  }

  /** A text as it is being written. Reused from text to text. */
  final class Path {

    private int node = NONE;
    private int length;
    private int begun;

    /** Begins a text in a state of the grammar. */
    void begin(int state) {
      begun = prunings;
      length = 0;
      node = TOP;
      add(state);
    }

    /** Goes on with a token, from which later texts learn. */
    void add(int token) {
      node = known() && length++ <= LONGEST ? followed(node, token) : NONE;
    }

    /** Ends the text. */
    void end() {
      node = NONE;
    }

    /**
     * How the text goes on if it does what most of those did that began like it.
     *
     * @param into takes the tokens
     * @param most tokens
     * @param least the share of them that has to have gone on so; those that are being written
     *     count among those that have not
     * @return how many there are
     */
    int draft(int[] into, int most, float least) {
      int count = 0;
      if (known()) {
        float enough = least * counts[node];
        int next = likeliest(node);
        while (count < most && next != NONE && counts[next] >= enough) {
          into[count++] = tokens[next];
          next = likeliest(next);
        }
      }
      return count;
    }

    /** Whether the text began since nodes were last moved. */
    private boolean known() {
      return node != NONE && begun == prunings;
    }
  }

  Path path() {
    return new Path();
  }

  /** The node that a token leads to, with one text more; none if that took the last room. */
  private int followed(int node, int token) {
    int child = firstChildren[node];
    while (child != NONE && tokens[child] != token) {
      child = nextSiblings[child];
    }
    if (child == NONE) {
      if (size == MOST_NODES) {
        prune();
        return NONE;
      }
      child = size;
      put(node, token, 0);
    }
    counts[child]++;
    return child;
  }

  private int likeliest(int node) {
    int likeliest = firstChildren[node];
    for (int child = likeliest; child != NONE; child = nextSiblings[child]) {
      if (counts[child] > counts[likeliest]) {
        likeliest = child;
      }
    }
    return likeliest;
  }

  private void put(int parent, int token, int count) {
    if (size == tokens.length) {
      int larger = 2 * size;
      tokens = Arrays.copyOf(tokens, larger);
      counts = Arrays.copyOf(counts, larger);
      parents = Arrays.copyOf(parents, larger);
      firstChildren = Arrays.copyOf(firstChildren, larger);
      nextSiblings = Arrays.copyOf(nextSiblings, larger);
    }
    tokens[size] = token;
    counts[size] = count;
    parents[size] = parent;
    firstChildren[size] = NONE;
    nextSiblings[size] = firstChildren[parent];
    firstChildren[parent] = size++;
  }

  /** Halves all counts. Nodes stand behind their parents, so each finds its own moved already. */
  private void prune() {
    int[] moved = new int[size];
    int known = size;
    clear();
    for (int node = TOP + 1; node < known; node++) {
      int parent = moved[parents[node]];
      int count = counts[node] / 2;
      moved[node] = parent == NONE || count == 0 ? NONE : size;
      if (moved[node] != NONE) {
        put(parent, tokens[node], count);
      }
    }
    if (size > MOST_NODES / 2) {
      clear();
    }
    prunings++;
  }

  private void clear() {
    size = TOP + 1;
    firstChildren[TOP] = NONE;
  }
}
