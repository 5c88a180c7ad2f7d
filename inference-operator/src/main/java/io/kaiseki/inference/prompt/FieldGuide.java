package io.kaiseki.inference.prompt;

import io.kaiseki.inference.contract.AnswerType;
import java.math.BigDecimal;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The part of a prompt that tells the model what each field of the answer means. It is made from
 * the contract alone: names, docs, symbols and bounds.
 */
final class FieldGuide {

  /** The ends of int and long. */
  private static final Set<BigDecimal> ENDS_OF_WHOLE =
      Set.of(
          BigDecimal.valueOf(Integer.MIN_VALUE),
          BigDecimal.valueOf(Integer.MAX_VALUE),
          BigDecimal.valueOf(Long.MIN_VALUE),
          BigDecimal.valueOf(Long.MAX_VALUE));

  /** The digits of the ends of float, double and decimal. */
  private static final Pattern ALL_NINES = Pattern.compile("9+");

  private final StringBuilder out = new StringBuilder();

  private FieldGuide() {}

  static String of(AnswerType.Composite type) {
    FieldGuide guide = new FieldGuide();
    guide.fields(type, "");
    return guide.out.toString();
  }

  private void fields(AnswerType.Composite type, String indent) {
    for (AnswerType.Field field : type.fields()) {
      out.append(indent).append("- ").append(field.name()).append(" (");
      out.append(describe(field.type())).append(')');
      if (!field.doc().isEmpty()) {
        out.append(": ").append(field.doc());
      }
      out.append('\n');
      nested(field.type(), indent + "  ");
    }
  }

  private void nested(AnswerType type, String indent) {
    if (type instanceof AnswerType.Composite composite) {
      fields(composite, indent);
    } else if (type instanceof AnswerType.Items items) {
      nested(items.type(), indent);
    } else if (type instanceof AnswerType.Nullable nullable) {
      nested(nullable.type(), indent);
    } else if (type instanceof AnswerType.Enumeration enumeration) {
      enumeration
          .docs()
          .forEach(
              (symbol, doc) ->
                  out.append(indent).append(symbol).append(" = ").append(doc).append('\n'));
    }
  }

  private static String describe(AnswerType type) {
    if (type instanceof AnswerType.Composite) {
      return "object";
    }
    if (type instanceof AnswerType.Enumeration enumeration) {
      return "one of " + enumeration.symbols().stream().collect(Collectors.joining(", "));
    }
    if (type instanceof AnswerType.Truth) {
      return "true or false";
    }
    if (type instanceof AnswerType.Text text) {
      return "text, at most " + text.maxLength() + " characters";
    }
    if (type instanceof AnswerType.Quote quote) {
      String least = quote.minLength() > 1 ? "at least " + quote.minLength() + " and " : "";
      return "words copied exactly from the document, "
          + least
          + "at most "
          + quote.maxLength()
          + " characters";
    }
    if (type instanceof AnswerType.Number number) {
      return number(number);
    }
    if (type instanceof AnswerType.Date) {
      return "date as YYYY-MM-DD";
    }
    if (type instanceof AnswerType.Timestamp) {
      return "time in UTC as YYYY-MM-DDTHH:MM:SSZ";
    }
    if (type instanceof AnswerType.Items items) {
      return "list of at most " + items.maxItems() + ", each " + describe(items.type());
    }
    return describe(((AnswerType.Nullable) type).type()) + ", or null";
  }

  private static String number(AnswerType.Number number) {
    String kind = number.fractionDigits() == 0 ? "whole number" : "number";
    BigDecimal minimum = number.minimum().stripTrailingZeros();
    BigDecimal maximum = number.maximum().stripTrailingZeros();
    if (isWidth(minimum)) {
      return isWidth(maximum) ? kind : kind + ", at most " + maximum.toPlainString();
    }
    return isWidth(maximum)
        ? kind + ", at least " + minimum.toPlainString()
        : kind + " from " + minimum.toPlainString() + " to " + maximum.toPlainString();
  }

  /** Whether a bound only reflects the width of the Avro type; it would be noise. */
  private static boolean isWidth(BigDecimal bound) {
    return bound.precision() > 9
        && (ENDS_OF_WHOLE.contains(bound)
            || ALL_NINES.matcher(bound.unscaledValue().abs().toString()).matches());
  }
}
