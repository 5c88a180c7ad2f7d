package io.kaiseki.inference.contract;

import io.kaiseki.inference.FieldConfidence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One choice of an answer after the other: which alternatives are open, which of them the model
 * prefers, and how sure it was of each closed field. Reused from answer to answer.
 *
 * <p>Where a contract wants no confidences, it does not decide but {@linkplain #follow follows} the
 * likeliest tokens until one alternative is left.
 */
final class ChoiceCursor {

  /** Where null stands among the alternatives of a field that may be null. */
  private static final int NULL = 0;

  private final ChoiceDecision decision = new ChoiceDecision();
  private final List<FieldConfidence> confidences = new ArrayList<>();
  private final Constraint constraint;
  private final LoopCounters loops;
  private State.Choice choice = new State.Choice(null, List.of(), new int[0]);
  private ChoiceTable table;
  private ChoiceTable.@Nullable Node reached;

  ChoiceCursor(Constraint constraint, LoopCounters loops) {
    this.constraint = constraint;
    this.loops = loops;
  }

  /** Begins an answer. */
  void reset() {
    confidences.clear();
  }

  /**
   * Begins a choice.
   *
   * @param state its index in the grammar
   * @param offset bytes of it that are written already
   * @param written the token that holds them, at its end
   */
  void start(State.Choice entered, int state, int offset, byte[] written) {
    choice = entered;
    // Only what follows an item depends on counters, and only that can be begun by a token before.
    table =
        choice.followsItem()
            ? constraint.openChoice(state, offset, openSet(offset, written))
            : constraint.choice(state);
    reached = following() ? table.root() : null;
    if (!none() && reached == null) {
      decision.start(table);
    }
  }

  /** Whether there is but one alternative. */
  boolean none() {
    return table.size() == 1;
  }

  /** Tokens that all alternatives share. */
  int[] common() {
    return table.root().edge();
  }

  /** Whether tokens are followed one by one, rather than alternatives decided between. */
  boolean following() {
    return !constraint.contract().confident() && table.canBeFollowed();
  }

  /** Goes on to the likeliest of the ways that are open, and says which tokens lead there. */
  int[] follow(Logits logits) {
    ChoiceTable.Node likeliest = null;
    for (ChoiceTable.Node child : Objects.requireNonNull(reached).children()) {
      if (likeliest == null || logits.get(child.edge()[0]) > logits.get(likeliest.edge()[0])) {
        likeliest = child;
      }
    }
    reached = Objects.requireNonNull(likeliest);
    logits.requireNumber(reached.edge()[0]);
    return reached.edge();
  }

  /** The alternative that was followed to its end, or -1 while several are left. */
  int followed() {
    return Objects.requireNonNull(reached).alternative();
  }

  /** Tokens of the choice up to where it has followed. */
  int reachedTokens() {
    return common().length + Objects.requireNonNull(reached).path().length;
  }

  /** Whether the tokens that all alternatives share are already all the tokens of one. */
  boolean completesOne() {
    return table.completesOne();
  }

  /**
   * Takes the logits after the tokens that all alternatives share.
   *
   * @throws ArithmeticException if one that counts is no number
   */
  void first(Logits logits) {
    decision.first(logits);
  }

  int probeCount() {
    return decision.probeCount();
  }

  int[] probe(int at) {
    return decision.probe(at);
  }

  /**
   * Takes the logits after a probe's last token.
   *
   * @throws ArithmeticException if one that counts is no number
   */
  void probed(int at, Logits logits) {
    decision.probed(at, logits);
  }

  /** Goes on to the probes that the last ones made necessary. */
  void advance() {
    decision.advance();
  }

  /**
   * The alternative that is to be taken, once no probe is left; notes how sure the model was. Where
   * it was not sure enough, that is null, so that null is also what it reads on after.
   */
  int decide() {
    int best = decision.best();
    if (choice.field() == null || !constraint.contract().confident()) {
      return best;
    }
    boolean abstains = best != NULL && decision.probability(best) < choice.minConfidence();
    Map<String, Double> distribution = new LinkedHashMap<>();
    for (int i = 0; i < table.size(); i++) {
      distribution.put(alternative(i).label(), decision.probability(i));
    }
    confidences.add(
        new FieldConfidence(
            path(), alternative(best).label(), decision.probability(best), distribution, abstains));
    return abstains ? NULL : best;
  }

  State.Alternative alternative(int at) {
    return choice.alternatives().get(table.choice(at));
  }

  /** Tokens that write an alternative, those that all share included. */
  int[] tokens(int at) {
    return table.emission(at);
  }

  List<FieldConfidence> confidences() {
    return List.copyOf(confidences);
  }

  double leastProbability() {
    double least = 1;
    for (int i = 0; i < confidences.size(); i++) {
      least = Math.min(least, confidences.get(i).probability());
    }
    return least;
  }

  /** The alternatives that are open, as bits. */
  private int openSet(int offset, byte[] written) {
    int open = 0;
    for (int i = 0; i < choice.alternatives().size(); i++) {
      State.Alternative alternative = choice.alternatives().get(i);
      if (loops.open(alternative) && continues(alternative.bytes(), offset, written)) {
        open |= 1 << i;
      }
    }
    return open;
  }

  /** Whether bytes begin with those that are written already. */
  private static boolean continues(byte[] bytes, int offset, byte[] written) {
    return offset == 0
        || (offset <= bytes.length && Constraint.begins(bytes, written, written.length - offset));
  }

  /** The field's path with the positions of the items that it stands in. */
  private String path() {
    String field = String.valueOf(choice.field());
    if (choice.loops().length == 0) {
      return field;
    }
    StringBuilder path = new StringBuilder(field.length() + 8);
    int from = 0;
    for (int loop : choice.loops()) {
      int bracket = field.indexOf("[]", from) + 1;
      path.append(field, from, bracket).append(loops.items(loop) - 1);
      from = bracket;
    }
    return path.append(field, from, field.length()).toString();
  }
}
