package io.kaiseki.inference.contract;

import java.util.ArrayList;
import java.util.List;

/** What may come after a free value, as the arrays around it stand. Reused from value to value. */
final class Followers {

  private final Constraint constraint;
  private final Grammar grammar;
  private final LoopCounters loops;
  private boolean[] closingOpen = {};

  Followers(Constraint constraint, LoopCounters loops) {
    this.constraint = constraint;
    this.loops = loops;
    grammar = constraint.grammar();
  }

  /** Finds out which of a text's closing tokens lead on into the state after it. */
  void openClosings(int text, int next) {
    VocabularyIndex.Closing[] closings = constraint.closings(text);
    if (closingOpen.length < closings.length) {
      closingOpen = new boolean[closings.length];
    }
    for (int i = 0; i < closings.length; i++) {
      closingOpen[i] =
          leadsOn(next, constraint.index().bytes(closings[i].token()), closings[i].textBytes());
    }
  }

  /** Whether each closing token is open, in the order of the text's closings. */
  boolean[] closingOpen() {
    return closingOpen;
  }

  /** Whether a state can begin with a token's bytes from an offset on. */
  boolean leadsOn(int next, byte[] token, int from) {
    State follower = grammar.state(next);
    if (follower instanceof State.Literal literal) {
      return Constraint.begins(literal.bytes(), token, from);
    }
    for (State.Alternative alternative : ((State.Choice) follower).alternatives()) {
      if (loops.open(alternative) && Constraint.begins(alternative.bytes(), token, from)) {
        return true;
      }
    }
    return false;
  }

  /** The byte strings that a state can begin with. */
  List<byte[]> openHeads(int next) {
    State follower = grammar.state(next);
    if (follower instanceof State.Choice choice) {
      List<byte[]> heads = new ArrayList<>();
      for (State.Alternative alternative : choice.alternatives()) {
        if (loops.open(alternative)) {
          heads.add(alternative.bytes());
        }
      }
      return heads;
    }
    return constraint.heads(next);
  }
}
