package io.kaiseki.inference.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Holds an answer from elsewhere against a contract. Problems never quote a value. */
final class AnswerCheck {

  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  private final String document;
  private int longestQuote = -1;
  private final List<String> problems = new ArrayList<>();

  AnswerCheck(String document) {
    this.document = document;
  }

  List<String> check(JsonNode answer, AnswerType.Composite type) {
    value("", answer, type);
    return List.copyOf(problems);
  }

  private void value(String path, JsonNode node, AnswerType type) {
    if (type instanceof AnswerType.Nullable nullable) {
      if (!node.isNull()) {
        value(path, node, nullable.type());
      }
    } else if (type instanceof AnswerType.Composite composite) {
      composite(path, node, composite);
    } else if (type instanceof AnswerType.Items items) {
      items(path, node, items);
    } else if (type instanceof AnswerType.Truth) {
      require(node.isBoolean(), path, "must be true or false");
    } else if (type instanceof AnswerType.Number number) {
      number(path, node, number);
    } else if (!node.isTextual()) {
      problem(path, "must be a string");
    } else {
      text(path, node.textValue(), type);
    }
  }

  private void composite(String path, JsonNode node, AnswerType.Composite type) {
    if (!node.isObject()) {
      problem(path, "must be an object");
      return;
    }
    Set<String> unknown = new HashSet<>();
    node.fieldNames().forEachRemaining(unknown::add);
    for (AnswerType.Field field : type.fields()) {
      String place = path.isEmpty() ? field.name() : path + "." + field.name();
      JsonNode value = node.get(field.name());
      unknown.remove(field.name());
      if (value == null) {
        problem(place, "is missing");
      } else {
        value(place, value, field.type());
      }
    }
    // Their names are the model's words, and may be the document's.
    require(unknown.isEmpty(), path, "has " + unknown.size() + " unknown fields");
  }

  private void items(String path, JsonNode node, AnswerType.Items type) {
    if (!node.isArray()) {
      problem(path, "must be a list");
      return;
    }
    require(
        node.size() >= type.minItems() && node.size() <= type.maxItems(),
        path,
        "must have "
            + type.minItems()
            + " to "
            + type.maxItems()
            + " items, but has "
            + node.size());
    for (int i = 0; i < node.size(); i++) {
      value(path + "[" + i + "]", node.get(i), type.type());
    }
  }

  private void number(String path, JsonNode node, AnswerType.Number type) {
    if (!node.isNumber()) {
      problem(path, "must be a number");
      return;
    }
    if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      problem(path, "must be finite");
      return;
    }
    var value = node.decimalValue();
    require(
        value.compareTo(type.minimum()) >= 0 && value.compareTo(type.maximum()) <= 0,
        path,
        "must be from " + type.minimum().toPlainString() + " to " + type.maximum().toPlainString());
    require(
        value.stripTrailingZeros().scale() <= type.fractionDigits(),
        path,
        type.fractionDigits() == 0
            ? "must be a whole number"
            : "must have at most " + type.fractionDigits() + " digits after the point");
  }

  private void text(String path, String text, AnswerType type) {
    if (type instanceof AnswerType.Enumeration enumeration) {
      require(
          enumeration.symbols().contains(text),
          path,
          "must be one of " + String.join(", ", enumeration.symbols()));
    } else if (type instanceof AnswerType.Text free) {
      length(path, text, free.minLength(), free.maxLength());
      require(
          text.codePoints().noneMatch(Character::isISOControl),
          path,
          "must not hold control characters");
      wholeCharacters(path, text);
    } else if (type instanceof AnswerType.Quote quote) {
      length(path, text, least(text, quote), quote.maxLength());
      require(document.contains(text), path, "must stand in the document exactly so");
      wholeCharacters(path, text);
    } else if (type instanceof AnswerType.Date) {
      require(DATE.matcher(text).matches() && isDate(text), path, "must be a day as YYYY-MM-DD");
    } else if (type instanceof AnswerType.Timestamp) {
      require(isInstant(text), path, "must be a time in UTC as YYYY-MM-DDTHH:MM:SSZ");
    }
  }

  /** Least length of a quote: a document may have too few words, or none. */
  private int least(String text, AnswerType.Quote quote) {
    if (text.codePointCount(0, text.length()) >= quote.minLength()) {
      return quote.minLength();
    }
    if (longestQuote < 0) {
      // A long document takes a while, and an answer may have many short quotes.
      longestQuote = new QuoteSource(document).longest();
    }
    return Math.min(quote.minLength(), longestQuote);
  }

  private void length(String path, String text, int least, int most) {
    int length = text.codePointCount(0, text.length());
    require(
        length >= least && length <= most,
        path,
        "must have " + least + " to " + most + " characters, but has " + length);
  }

  /** Half a character has no UTF-8 form, and would become a question mark. */
  private void wholeCharacters(String path, String text) {
    require(
        text.codePoints().noneMatch(QuoteSource::isSurrogate),
        path,
        "must not hold half a character");
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isInstant(String text) {
    try {
      Instant.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private void require(boolean holds, String path, String problem) {
    if (!holds) {
      problem(path, problem);
    }
  }

  private void problem(String path, String problem) {
    problems.add((path.isEmpty() ? "the answer" : path) + " " + problem);
  }
}
