package io.kaiseki.pipelines.bench.arm;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.QuoteSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A contract as a grammar of llama.cpp (GBNF), for what knows no contracts. It writes the same
 * compact JSON, fields in schema order.
 *
 * <p>As equal as a context-free grammar can be: a quote is taken from the document, but may be
 * shorter or longer than the contract allows; a number has the sign and the digits of its bounds
 * but may pass them; a date may be a day that its month has not.
 */
public final class GbnfGrammar {

  private static final String CHARACTER = "char";
  private static final String QUOTE = "quote";

  /** Begins the names of the rules for what the document holds from one of its characters on. */
  private static final String REST = "rest";

  /** What the engine's free text may hold, too: no controls, quotation marks and backslashes. */
  private static final String CHARACTER_RULE = CHARACTER + " ::= [^\"\\\\\\x00-\\x1F\\x7F-\\x9F]\n";

  private static final String DATE =
      "[0-9] [0-9] [0-9] [0-9] \"-\" ( \"0\" [1-9] | \"1\" [0-2] ) \"-\""
          + " ( \"0\" [1-9] | [12] [0-9] | \"3\" [01] )";
  private static final String TIME =
      " \"T\" ( [01] [0-9] | \"2\" [0-3] ) \":\" [0-5] [0-9] \":\" [0-5] [0-9] \"Z\"";
  private static final int DATE_LENGTH = 12;
  private static final int TIMESTAMP_LENGTH = 22;

  private GbnfGrammar() {}

  /**
   * The grammar of an answer about one document; its rule {@code root} is the whole of it. It grows
   * with the document if there are quotes.
   */
  public static String of(AnswerType.Composite type, String document) {
    String root = value(type);
    return "root ::= "
        + root
        + "\n"
        + CHARACTER_RULE
        + (root.contains(" " + QUOTE + " ") ? quotes(new QuoteSource(document)) : "");
  }

  /**
   * Rules for all quotes of a document: from where a word starts to any later character. Each
   * character has a rule, so that the places where quotes start share what follows.
   */
  private static String quotes(QuoteSource source) {
    String starts =
        IntStream.range(0, source.startCount())
            .map(source::start)
            .sorted()
            .mapToObj(start -> REST + start)
            .collect(Collectors.joining(" | "));
    StringBuilder rules = new StringBuilder(QUOTE).append(" ::= ").append(literal("\""));
    rules.append(starts.isEmpty() ? "" : " ( " + starts + " )").append(" ").append(literal("\""));
    rules.append('\n');
    for (int at = 0; at < source.length(); ) {
      int next = at + 1;
      while (!source.boundary(next)) {
        next++;
      }
      if (source.at(at) != QuoteSource.UNQUOTABLE) {
        boolean last = next == source.length() || source.at(next) == QuoteSource.UNQUOTABLE;
        rules.append(REST).append(at).append(" ::= ").append(literal(text(source, at, next)));
        rules.append(last ? "" : " " + REST + next + "?").append('\n');
      }
      at = next;
    }
    return rules.toString();
  }

  private static String text(QuoteSource source, int from, int to) {
    byte[] bytes = new byte[to - from];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = source.at(from + i);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * An upper bound on the tokens of an answer: a token for each character of text and punctuation.
   */
  public static int maxTokens(AnswerType type) {
    long tokens = tokens(type);
    return (int) Math.min(Integer.MAX_VALUE, tokens);
  }

  /** As {@code "text"}, escaped as GBNF wants it. */
  static String literal(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
              } else if (c < 0x20 || c == 0x7F) {
                out.append("\\x%02X".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append('"').toString();
  }

  private static String value(AnswerType type) {
    if (type instanceof AnswerType.Composite composite) {
      return composite(composite.fields());
    }
    if (type instanceof AnswerType.Enumeration enumeration) {
      return enumeration.symbols().stream()
          .map(symbol -> literal(quoted(symbol)))
          .collect(Collectors.joining(" | ", "( ", " )"));
    }
    if (type instanceof AnswerType.Truth) {
      return "( \"true\" | \"false\" )";
    }
    if (type instanceof AnswerType.Text text) {
      return text(text.minLength(), text.maxLength());
    }
    if (type instanceof AnswerType.Quote) {
      return QUOTE;
    }
    if (type instanceof AnswerType.Number number) {
      return number(number);
    }
    if (type instanceof AnswerType.Date) {
      return literal("\"") + " " + DATE + " " + literal("\"");
    }
    if (type instanceof AnswerType.Timestamp) {
      return literal("\"") + " " + DATE + TIME + " " + literal("\"");
    }
    if (type instanceof AnswerType.Items items) {
      return items(items);
    }
    return "( \"null\" | " + value(((AnswerType.Nullable) type).type()) + " )";
  }

  private static String composite(List<AnswerType.Field> fields) {
    StringBuilder out = new StringBuilder();
    String before = "{";
    for (AnswerType.Field field : fields) {
      out.append(literal(before + quoted(field.name()) + ":")).append(' ');
      out.append(value(field.type())).append(' ');
      before = ",";
    }
    return out.append(literal(fields.isEmpty() ? "{}" : "}")).toString();
  }

  private static String text(int minLength, int maxLength) {
    return literal("\"")
        + " "
        + CHARACTER
        + "{"
        + minLength
        + ","
        + maxLength
        + "} "
        + literal("\"");
  }

  private static String number(AnswerType.Number number) {
    int digits = integerDigits(number);
    String whole = digits == 1 ? "[0-9]" : "( \"0\" | [1-9] [0-9]{0,%d} )".formatted(digits - 1);
    String sign = "";
    if (number.maximum().signum() < 0) {
      sign = "\"-\" ";
    } else if (number.minimum().signum() < 0) {
      sign = "\"-\"? ";
    }
    String fraction =
        number.fractionDigits() == 0
            ? ""
            : " ( \".\" [0-9]{1,%d} )?".formatted(number.fractionDigits());
    return sign + whole + fraction;
  }

  private static String items(AnswerType.Items items) {
    if (items.maxItems() == 0) {
      return literal("[]");
    }
    String item = value(items.type());
    String all = item;
    if (items.maxItems() > 1) {
      all +=
          " ( \",\" "
              + item
              + " ){"
              + Math.max(0, items.minItems() - 1)
              + ","
              + (items.maxItems() - 1)
              + "}";
    }
    return items.minItems() == 0
        ? literal("[") + " ( " + all + " )? " + literal("]")
        : literal("[") + " " + all + " " + literal("]");
  }

  private static long tokens(AnswerType type) {
    if (type instanceof AnswerType.Composite composite) {
      return 2
          + composite.fields().stream()
              .mapToLong(field -> quoted(field.name()).length() + 2 + tokens(field.type()))
              .sum();
    }
    if (type instanceof AnswerType.Enumeration enumeration) {
      return enumeration.symbols().stream()
          .mapToLong(symbol -> quoted(symbol).length())
          .max()
          .orElse(2);
    }
    if (type instanceof AnswerType.Truth) {
      return "false".length();
    }
    if (type instanceof AnswerType.Text text) {
      return 2L + text.maxLength();
    }
    if (type instanceof AnswerType.Quote quote) {
      return 2L + quote.maxLength();
    }
    if (type instanceof AnswerType.Number number) {
      return 2L + integerDigits(number) + number.fractionDigits();
    }
    if (type instanceof AnswerType.Date) {
      return DATE_LENGTH;
    }
    if (type instanceof AnswerType.Timestamp) {
      return TIMESTAMP_LENGTH;
    }
    if (type instanceof AnswerType.Items items) {
      return 2 + items.maxItems() * (1 + tokens(items.type()));
    }
    return Math.max("null".length(), tokens(((AnswerType.Nullable) type).type()));
  }

  private static int integerDigits(AnswerType.Number number) {
    return Math.max(
        number.minimum().abs().toBigInteger().toString().length(),
        number.maximum().abs().toBigInteger().toString().length());
  }

  private static String quoted(String text) {
    return "\"" + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }
}
