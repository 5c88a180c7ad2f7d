package io.kaiseki.inference.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A state of the automaton that writes an answer. States name each other by index, since arrays
 * make the graph cyclic.
 */
sealed interface State {

  /** Indexes of the loops around this state, outermost first. */
  int[] loops();

  /** Bytes without a choice. */
  record Literal(byte[] bytes, int next, int[] loops) implements State {}

  /**
   * One of several byte strings.
   *
   * @param field path of the closed field that the choice decides; null for punctuation
   * @param minConfidence probability that an alternative needs; under it, the first is taken, which
   *     is {@code null} then
   */
  record Choice(
      @Nullable String field, List<Alternative> alternatives, int[] loops, double minConfidence)
      implements State {

    Choice(@Nullable String field, List<Alternative> alternatives, int[] loops) {
      this(field, alternatives, loops, 0);
    }

    /** Whether this is the choice after an item of an array: the next item, or the end. */
    boolean followsItem() {
      return alternatives.get(0).step() == LoopStep.MORE;
    }
  }

  /** Free text up to a length. */
  record Text(int minLength, int maxLength, int next, int[] loops) implements State {}

  /** A substring of the document, JSON-escaped. */
  record Quote(int minLength, int maxLength, int next, int[] loops) implements State {}

  /**
   * A number, date or timestamp.
   *
   * @param instead what may stand in its place ({@code null}, or the end of an empty array)
   * @param firstOf loop that this value is the first item of, or -1
   */
  record Scalar(
      ScalarFormat format, @Nullable Alternative instead, int next, int firstOf, int[] loops)
      implements State {}

  /** The answer is complete. */
  record End() implements State {
    @Override
    public int[] loops() {
      return new int[0];
    }
  }

  /** What taking an alternative does to a loop's counter. */
  enum LoopStep {
    NONE,
    FIRST,
    MORE,
    END
  }

  /**
   * One way on.
   *
   * @param label value of the closed field, or a name for messages
   * @param loop the loop that {@code step} applies to, or -1
   */
  record Alternative(String label, byte[] bytes, int next, int loop, LoopStep step) {}

  /** Bounds of an array. */
  record Loop(int minItems, int maxItems) {}
}
