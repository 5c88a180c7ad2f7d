package io.kaiseki.inference.contract;

import java.util.List;

/**
 * The automaton that writes every answer of a contract and no other text; independent of any
 * model's tokens.
 *
 * @param start index of the first state
 */
record Grammar(List<State> states, List<State.Loop> loops, int start) {

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
}
