package io.kaiseki.inference.contract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns an {@link AnswerType} into a {@link Grammar}, back to front: each type is compiled against
 * the entry of what follows it.
 *
 * <p>Punctuation goes to the side where a byte-pair tokenizer would merge it: closing quotes start
 * the literal that follows, and what distinguishes {@code null}, {@code []} and a value takes the
 * {@code ":} in front with it. The model then sees the token boundaries it has been trained on.
 */
final class GrammarCompiler {

  /** Bytes up to the first decision, and the state that takes it. */
  private record Entry(String head, int state) {
    Entry after(String bytes) {
      return new Entry(bytes + head, state);
    }
  }

  /** A copy of a choice with bytes in front of each alternative, made once the choice is known. */
  private record PrefixedChoice(int target, int choice, String head) {}

  private final List<@Nullable State> states = new ArrayList<>();
  private final List<State.Loop> loops = new ArrayList<>();
  private final List<PrefixedChoice> prefixed = new ArrayList<>();
  private final List<Integer> loopChoices = new ArrayList<>();
  private final boolean named;
  private int[] enclosing = {};

  private GrammarCompiler(AnswerLayout layout) {
    named = layout == AnswerLayout.OBJECT;
  }

  static Grammar compile(AnswerType.Composite type, AnswerLayout layout) {
    GrammarCompiler compiler = new GrammarCompiler(layout);
    int end = compiler.add(new State.End());
    Entry root = compiler.value("", type, new Entry("", end));
    int start = compiler.state(root);
    for (PrefixedChoice copy : compiler.prefixed) {
      State.Choice choice = (State.Choice) compiler.states.get(copy.choice);
      List<State.Alternative> alternatives =
          choice.alternatives().stream()
              .map(
                  a ->
                      new State.Alternative(
                          a.label(), concat(copy.head, a.bytes()), a.next(), a.loop(), a.step()))
              .toList();
      compiler.states.set(copy.target, new State.Choice(null, alternatives, choice.loops()));
    }
    return new Grammar(List.copyOf(compiler.states), List.copyOf(compiler.loops), start);
  }

  private Entry value(String path, AnswerType type, Entry after) {
    if (type instanceof AnswerType.Composite composite) {
      return composite(path, composite, after);
    }
    if (type instanceof AnswerType.Enumeration enumeration) {
      int next = state(after.after("\""));
      List<State.Alternative> alternatives = new ArrayList<>();
      for (String symbol : enumeration.symbols()) {
        alternatives.add(alternative(symbol, symbol, next));
      }
      return new Entry("\"", add(new State.Choice(path, alternatives, enclosing)));
    }
    if (type instanceof AnswerType.Truth) {
      return new Entry("", add(new State.Choice(path, truth(state(after)), enclosing)));
    }
    if (type instanceof AnswerType.Text text) {
      int next = state(after.after("\""));
      return new Entry(
          "\"", add(new State.Text(text.minLength(), text.maxLength(), next, enclosing)));
    }
    if (type instanceof AnswerType.Quote quote) {
      int next = state(after.after("\""));
      return new Entry(
          "\"", add(new State.Quote(quote.minLength(), quote.maxLength(), next, enclosing)));
    }
    if (type instanceof AnswerType.Number number) {
      return scalar(new NumberFormat(number), null, after);
    }
    if (type instanceof AnswerType.Date) {
      return scalar(new DateTimeFormat(false), null, after.after("\"")).after("\"");
    }
    if (type instanceof AnswerType.Timestamp) {
      return scalar(new DateTimeFormat(true), null, after.after("\"")).after("\"");
    }
    if (type instanceof AnswerType.Items items) {
      return items(path, items, after, "");
    }
    return nullable(path, (AnswerType.Nullable) type, after, "");
  }

  private Entry composite(String path, AnswerType.Composite type, Entry after) {
    Entry rest = after.after(named ? "}" : "]");
    List<AnswerType.Field> fields = type.fields();
    for (int i = fields.size() - 1; i >= 0; i--) {
      AnswerType.Field field = fields.get(i);
      String fieldPath = path.isEmpty() ? field.name() : path + "." + field.name();
      String separator = i == 0 ? "" : ",";
      // Without names the comma stands alone: a token that ends the value before it may take it
      // along, but must not take a decision.
      String key = named ? separator + "\"" + field.name() : separator;
      String keyEnd = named ? "\":" : "";
      if (field.type() instanceof AnswerType.Items items) {
        rest = items(fieldPath, items, rest, keyEnd).after(key);
      } else if (field.type() instanceof AnswerType.Nullable nullable) {
        rest = nullable(fieldPath, nullable, rest, keyEnd).after(key);
      } else {
        rest = value(fieldPath, field.type(), rest).after(key + keyEnd);
      }
    }
    return rest.after(named ? "{" : "[");
  }

  /**
   * @param keyEnd the end of the key in front; it becomes part of the alternatives
   */
  private Entry nullable(String path, AnswerType.Nullable type, Entry after, String keyEnd) {
    AnswerType inner = type.type();
    if (inner instanceof AnswerType.Number number) {
      State.Alternative none = alternative("null", "null" + after.head(), after.state());
      return scalar(new NumberFormat(number), none, after).after(keyEnd);
    }
    List<State.Alternative> alternatives = new ArrayList<>();
    if (inner.closed()) {
      alternatives.add(alternative("null", keyEnd + "null", state(after)));
      if (inner instanceof AnswerType.Enumeration enumeration) {
        int next = state(after.after("\""));
        for (String symbol : enumeration.symbols()) {
          alternatives.add(alternative(symbol, keyEnd + "\"" + symbol, next));
        }
      } else {
        for (State.Alternative truth : truth(state(after))) {
          alternatives.add(alternative(truth.label(), keyEnd + truth.label(), truth.next()));
        }
      }
      return new Entry(
          "", add(new State.Choice(path, alternatives, enclosing, type.minConfidence())));
    }
    alternatives.add(alternative("null", keyEnd + "null" + after.head(), after.state()));
    if (inner instanceof AnswerType.Items items) {
      alternatives.addAll(itemAlternatives(path, items, after, keyEnd));
    } else {
      Entry entry = value(path, inner, after);
      alternatives.add(alternative("value", keyEnd + entry.head(), entry.state()));
    }
    return new Entry("", add(new State.Choice(null, alternatives, enclosing)));
  }

  private Entry items(String path, AnswerType.Items type, Entry after, String keyEnd) {
    List<State.Alternative> alternatives = itemAlternatives(path, type, after, keyEnd);
    return new Entry("", add(new State.Choice(null, alternatives, enclosing)));
  }

  /** The ways an array can begin: at once its end, or its first item. */
  private List<State.Alternative> itemAlternatives(
      String path, AnswerType.Items type, Entry after, String keyEnd) {
    int loop = loops.size();
    loops.add(new State.Loop(type.minItems(), type.maxItems()));
    int choice = add(null);
    loopChoices.add(choice);
    int[] outside = enclosing;
    enclosing = Arrays.copyOf(outside, outside.length + 1);
    enclosing[outside.length] = loop;
    Entry item = value(path + "[]", type.type(), new Entry("", choice));
    State.Alternative more =
        new State.Alternative(
            "more", bytes("," + item.head()), item.state(), loop, State.LoopStep.MORE);
    State.Alternative end =
        new State.Alternative(
            "end", bytes("]" + after.head()), after.state(), loop, State.LoopStep.END);
    states.set(choice, new State.Choice(null, List.of(more, end), enclosing));
    State.Alternative empty = alternative("empty", "]" + after.head(), after.state());
    List<State.Alternative> alternatives = new ArrayList<>();
    if (states.get(item.state()) instanceof State.Scalar scalar && item.head().isEmpty()) {
      // A bare number has no opening of its own, so the empty array is decided with its first byte.
      int first =
          add(
              new State.Scalar(
                  scalar.format(),
                  type.minItems() == 0 ? empty : null,
                  scalar.next(),
                  loop,
                  enclosing));
      alternatives.add(alternative("items", keyEnd + "[", first));
    } else {
      if (type.minItems() == 0) {
        alternatives.add(alternative("empty", keyEnd + "[]" + after.head(), after.state()));
      }
      alternatives.add(
          new State.Alternative(
              "items",
              bytes(keyEnd + "[" + item.head()),
              item.state(),
              loop,
              State.LoopStep.FIRST));
    }
    enclosing = outside;
    return alternatives;
  }

  private Entry scalar(ScalarFormat format, State.@Nullable Alternative instead, Entry after) {
    return new Entry("", add(new State.Scalar(format, instead, state(after), -1, enclosing)));
  }

  private List<State.Alternative> truth(int next) {
    return List.of(alternative("true", "true", next), alternative("false", "false", next));
  }

  private State.Alternative alternative(String label, String text, int next) {
    return new State.Alternative(label, bytes(text), next, -1, State.LoopStep.NONE);
  }

  /** The state that writes an entry's head and goes on. */
  private int state(Entry entry) {
    if (entry.head().isEmpty()) {
      return entry.state();
    }
    if (loopChoices.contains(entry.state())) {
      int target = add(null);
      prefixed.add(new PrefixedChoice(target, entry.state(), entry.head()));
      return target;
    }
    return add(new State.Literal(bytes(entry.head()), entry.state(), enclosing));
  }

  private int add(@Nullable State state) {
    states.add(state);
    return states.size() - 1;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(String head, byte[] tail) {
    byte[] front = bytes(head);
    byte[] whole = Arrays.copyOf(front, front.length + tail.length);
    System.arraycopy(tail, 0, whole, front.length, tail.length);
    return whole;
  }
}
