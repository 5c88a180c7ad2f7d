package io.kaiseki.inference.contract;

import java.util.List;

/**
 * The automaton that writes every answer of a contract and no other text; independent of any
 * model's tokens.
 *
 * @param start index of the first state
 */
record Grammar(List<State> states, List<State.Loop> loops, int start) {

  /** Most probabilities of labels that an answer comes with; they take some 70 MB. */
  static final int MAX_PROBABILITIES = 1_000_000;

  State state(int index) {
    return states.get(index);
  }

  /**
   * How often a state can be visited at most: the product of the bounds of the loops around it, or
   * {@link Integer#MAX_VALUE} if that is less.
   */
  long visits(State state) {
    long visits = 1;
    for (int loop : state.loops()) {
      visits = Math.min(visits * loops.get(loop).maxItems(), Integer.MAX_VALUE);
    }
    return visits;
  }

  /**
   * What keeps the confidences of an answer from being held in memory: each decision has one for
   * every label. Empty where nothing does.
   */
  List<String> problems() {
    long all = 0;
    long most = 0;
    String field = "";
    for (State state : states) {
      if (state instanceof State.Choice choice && choice.field() != null) {
        // The path is written for each item, so a long one counts like labels.
        int each =
            choice.alternatives().size() + choice.field().length() / ExpandedSize.PART_LENGTH;
        long probabilities = visits(choice) * each;
        all += probabilities;
        if (probabilities > most) {
          most = probabilities;
          field = choice.field();
        }
      }
    }
    if (all <= MAX_PROBABILITIES) {
      return List.of();
    }
    return List.of(
        "field "
            + field
            + ": its labels, each counted for every item that a list around it may have, bring the"
            + " probabilities of an answer to over "
            + MAX_PROBABILITIES
            + "; lower maxItems, or use fewer labels");
  }
}
