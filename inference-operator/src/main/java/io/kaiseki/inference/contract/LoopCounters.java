package io.kaiseki.inference.contract;

/** How many items each array of an answer has so far, and what that leaves open. */
final class LoopCounters {

  private final Grammar grammar;
  private final int[] items;

  LoopCounters(Grammar grammar) {
    this.grammar = grammar;
    items = new int[grammar.loops().size()];
  }

  /** Items of an array so far, the one that is being written included. */
  int items(int loop) {
    return items[loop];
  }

  /** Says that an array's first item begins. */
  void first(int loop) {
    items[loop] = 1;
  }

  /** Says that an alternative has been taken. */
  void count(State.Alternative alternative) {
    if (alternative.step() == State.LoopStep.FIRST) {
      first(alternative.loop());
    } else if (alternative.step() == State.LoopStep.MORE) {
      items[alternative.loop()]++;
    }
  }

  /** Whether the bounds of its array let an alternative be taken now. */
  boolean open(State.Alternative alternative) {
    return switch (alternative.step()) {
      case NONE, FIRST -> true;
      case MORE -> items[alternative.loop()] < grammar.loops().get(alternative.loop()).maxItems();
      case END -> items[alternative.loop()] >= grammar.loops().get(alternative.loop()).minItems();
    };
  }
}
