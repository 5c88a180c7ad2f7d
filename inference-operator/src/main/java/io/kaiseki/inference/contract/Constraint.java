package io.kaiseki.inference.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A contract bound to a model's vocabulary: literals and alternatives as tokens, and the tokens
 * that may end each free value. One thread uses it at a time; what it works out on the way it
 * keeps.
 */
public final class Constraint {

  /** Where a choice stands: bytes of it that are written already, and the ways that are open. */
  private record ChoiceKey(int state, int offset, int open) {}

  /** Extra tokens that a free value can take to complete a character it has begun. */
  private static final int COMPLETION = 8;

  /** Most bytes, and so most tokens, of a character. */
  private static final int MAX_UTF8 = 4;

  /** The same as it stands in JSON, where some are escaped. */
  private static final int MAX_JSON = 6;

  /** Most bytes of which each end is tokenized for a bound: the time grows with their square. */
  private static final int MAX_TOKENIZED = 512;

  private final Contract contract;
  private final Grammar grammar;
  private final VocabularyIndex index;
  private final Map<Long, int[]> literals = new HashMap<>();
  private final @Nullable ChoiceTable[] choices;
  private final Map<ChoiceKey, ChoiceTable> openChoices = new HashMap<>();
  private final VocabularyIndex.Closing[][] closings;
  private final int[][] scalarClosings;
  private final int maxTokens;

  /**
   * Binds a contract.
   *
   * @throws IllegalArgumentException if the model's tokens can't write the contract's answers
   */
  public Constraint(Contract contract, VocabularyIndex index) {
    this.contract = contract;
    this.grammar = contract.grammar();
    this.index = index;
    closings = new VocabularyIndex.Closing[grammar.states().size()][];
    scalarClosings = new int[closings.length][];
    choices = new ChoiceTable[closings.length];
    long tokens = 0;
    for (int i = 0; i < closings.length; i++) {
      State state = grammar.state(i);
      closings[i] = closings(state);
      scalarClosings[i] = scalarClosings(state);
      choices[i] = choices(state);
      tokens += grammar.visits(state) * cost(state);
    }
    maxTokens = (int) Math.min(Integer.MAX_VALUE, tokens);
  }

  /** The contract. */
  public Contract contract() {
    return contract;
  }

  /** An upper bound on the tokens of an answer, forced ones included. */
  public int maxTokens() {
    return maxTokens;
  }

  /** Whether an answer may quote its document. */
  public boolean quotes() {
    return grammar.states().stream().anyMatch(State.Quote.class::isInstance);
  }

  Grammar grammar() {
    return grammar;
  }

  VocabularyIndex index() {
    return index;
  }

  /** Tokens that close a free text and begin what follows it. */
  VocabularyIndex.Closing[] closings(int state) {
    return closings[state];
  }

  /** Tokens that are the beginning of what follows a number, a date or a timestamp. */
  int[] scalarClosings(int state) {
    return scalarClosings[state];
  }

  /** Tokens of what may stand in the place of a scalar. */
  int[] instead(int state) {
    return literals.computeIfAbsent(
        (long) state << 32,
        key ->
            tokenize(
                Objects.requireNonNull(((State.Scalar) grammar.state(state)).instead()).bytes(),
                0));
  }

  /** Tokens of a literal from an offset on. */
  int[] literal(int state, int offset) {
    return literals.computeIfAbsent(
        (long) state << 32 | offset,
        key -> tokenize(((State.Literal) grammar.state(state)).bytes(), offset));
  }

  /** All the alternatives of a choice that does not follow an item. */
  ChoiceTable choice(int state) {
    return Objects.requireNonNull(choices[state]);
  }

  /**
   * The alternatives of a choice that are open, after some of their bytes are written.
   *
   * @param open bit {@code i} is set if alternative {@code i} is open
   */
  ChoiceTable openChoice(int state, int offset, int open) {
    return openChoices.computeIfAbsent(
        new ChoiceKey(state, offset, open),
        key ->
            table(
                (State.Choice) grammar.state(state),
                offset,
                IntStream.range(0, Integer.SIZE).filter(i -> (open >> i & 1) == 1).toArray()));
  }

  private ChoiceTable table(State.Choice choice, int offset, int[] indexes) {
    int[][] emissions = new int[indexes.length][];
    for (int i = 0; i < indexes.length; i++) {
      emissions[i] = tokenize(choice.alternatives().get(indexes[i]).bytes(), offset);
    }
    return new ChoiceTable(
        indexes, emissions, i -> lookahead(choice.alternatives().get(indexes[i]).next()));
  }

  private int[][] lookahead(int state) {
    return heads(state).stream().map(head -> tokenize(head, 0)).toArray(int[][]::new);
  }

  /** The byte strings that can come next from a state without free text. */
  List<byte[]> heads(int state) {
    State next = grammar.state(state);
    if (next instanceof State.Literal literal) {
      return List.of(literal.bytes());
    }
    if (next instanceof State.Choice choice) {
      return choice.alternatives().stream().map(State.Alternative::bytes).toList();
    }
    return List.of();
  }

  int[] tokenize(byte[] bytes, int offset) {
    int start = offset;
    while (start < bytes.length && (bytes[start] & 0xC0) == 0x80) {
      start++;
    }
    if (start == bytes.length) {
      return byteTokens(bytes, offset, start);
    }
    String text = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    int[] tokens = index.vocabulary().tokenize(text);
    int at = start;
    for (int token : tokens) {
      byte[] piece = index.bytes(token);
      if (piece.length == 0
          || at + piece.length > bytes.length
          || !Arrays.equals(piece, 0, piece.length, bytes, at, at + piece.length)) {
        at = -1;
        break;
      }
      at += piece.length;
    }
    if (at != bytes.length) {
      throw new IllegalArgumentException(
          "the model's tokenizer does not give back what it is given, here \""
              + text
              + "\"; use a model with a byte-level BPE tokenizer, as DeepSeek-R1's distillations"
              + " have");
    }
    return start == offset ? tokens : concat(byteTokens(bytes, offset, start), tokens);
  }

  /** The rest of a character that a token before has begun. */
  private int[] byteTokens(byte[] bytes, int from, int to) {
    return IntStream.range(from, to).map(at -> index.byteToken(bytes[at])).toArray();
  }

  private static int[] concat(int[] head, int[] tail) {
    return IntStream.concat(Arrays.stream(head), Arrays.stream(tail)).toArray();
  }

  /**
   * Worked out when the contract is bound: whoever answers under it has others beside it, and a
   * choice may have thousands of alternatives.
   */
  private @Nullable ChoiceTable choices(State state) {
    if (!(state instanceof State.Choice choice) || choice.followsItem()) {
      return null;
    }
    return table(choice, 0, IntStream.range(0, choice.alternatives().size()).toArray());
  }

  private VocabularyIndex.Closing[] closings(State state) {
    if (!(state instanceof State.Text text)) {
      return new VocabularyIndex.Closing[0];
    }
    List<byte[]> heads = heads(text.next());
    return index.closings().stream()
        .filter(
            closing ->
                heads.stream()
                    .anyMatch(
                        head -> begins(head, index.bytes(closing.token()), closing.textBytes())))
        .toArray(VocabularyIndex.Closing[]::new);
  }

  private int[] scalarClosings(State state) {
    if (!(state instanceof State.Scalar scalar)) {
      return new int[0];
    }
    return heads(scalar.next()).stream()
        .flatMapToInt(
            head -> IntStream.rangeClosed(1, head.length).flatMap(n -> index.exactly(head, n)))
        .distinct()
        .toArray();
  }

  /** Whether a head begins with a token's bytes from an offset on. */
  static boolean begins(byte[] head, byte[] token, int from) {
    int length = token.length - from;
    return length <= head.length && Arrays.equals(head, 0, length, token, from, token.length);
  }

  /** Most tokens that a visit of a state can write. */
  private long cost(State state) {
    if (state instanceof State.Text text) {
      return Math.max(text.maxLength(), MAX_UTF8 * text.minLength()) + COMPLETION;
    }
    if (state instanceof State.Quote quote) {
      return Math.max(quote.maxLength(), MAX_JSON * quote.minLength()) + COMPLETION;
    }
    if (state instanceof State.Scalar scalar) {
      int instead = scalar.instead() == null ? 0 : scalar.instead().bytes().length;
      return Math.max(scalar.format().maxLength(), instead) + 1;
    }
    if (state instanceof State.Literal literal) {
      return worst(literal.bytes());
    }
    if (state instanceof State.Choice choice) {
      return choice.alternatives().stream().mapToLong(a -> worst(a.bytes())).max().orElse(0);
    }
    return 0;
  }

  /** Most tokens that a byte string takes, wherever a token before it may have cut into it. */
  private long worst(byte[] bytes) {
    if (bytes.length > MAX_TOKENIZED) {
      // No token is empty.
      return bytes.length;
    }
    int most = 0;
    for (int offset = 0; offset < bytes.length; offset++) {
      most = Math.max(most, tokenize(bytes, offset).length);
    }
    return most;
  }
}
