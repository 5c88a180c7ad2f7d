package io.kaiseki.inference.openai;

import io.kaiseki.inference.contract.AnswerType;

/** How long an answer may get, for servers that cut at a number of tokens. */
final class AnswerBound {

  /** Servers refuse what could not fit into their context, so a bound must not be absurd. */
  private static final long MOST = 4_096;

  private static final long LEAST = 64;

  /** Few models write more than one token for each two characters of text that people read. */
  private static final int CHARACTERS_PER_TOKEN = 2;

  /** More is no use: with so many, a bound is the greatest. */
  private static final long MOST_CHARACTERS = MOST * CHARACTERS_PER_TOKEN;

  private AnswerBound() {}

  static int tokens(AnswerType type) {
    return (int) Math.min(MOST, LEAST + characters(type) / CHARACTERS_PER_TOKEN);
  }

  /** Whether any field is closed, so that its probabilities are worth asking for. */
  static boolean hasClosed(AnswerType type) {
    if (type instanceof AnswerType.Composite composite) {
      return composite.fields().stream().anyMatch(field -> hasClosed(field.type()));
    }
    if (type instanceof AnswerType.Items items) {
      return hasClosed(items.type());
    }
    return type.closed()
        || type instanceof AnswerType.Nullable nullable && hasClosed(nullable.type());
  }

  /** Cut off at every level: in nested arrays, the bounds multiply beyond what a long holds. */
  private static long characters(AnswerType type) {
    return Math.min(MOST_CHARACTERS, charactersOfParts(type));
  }

  private static long charactersOfParts(AnswerType type) {
    if (type instanceof AnswerType.Composite composite) {
      return 4
          + composite.fields().stream()
              .mapToLong(field -> field.name().length() + 8 + characters(field.type()))
              .sum();
    }
    if (type instanceof AnswerType.Enumeration enumeration) {
      return 2 + enumeration.symbols().stream().mapToInt(String::length).max().orElse(0);
    }
    if (type instanceof AnswerType.Text text) {
      return 2L + text.maxLength();
    }
    if (type instanceof AnswerType.Quote quote) {
      return 2L + quote.maxLength();
    }
    if (type instanceof AnswerType.Items items) {
      return 4 + items.maxItems() * (2 + characters(items.type()));
    }
    return type instanceof AnswerType.Nullable nullable ? 2 + characters(nullable.type()) : 24;
  }
}
