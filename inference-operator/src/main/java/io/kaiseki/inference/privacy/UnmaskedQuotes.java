package io.kaiseki.inference.privacy;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.contract.AnswerType;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Puts the document's own words into an answer's quotes. */
final class UnmaskedQuotes {

  private final MaskedText masked;

  private UnmaskedQuotes(MaskedText masked) {
    this.masked = masked;
  }

  /** The same completion with an answer of its own, in which quotes are unmasked. */
  static Completion in(Completion completion, AnswerType.Composite type, MaskedText masked) {
    GenericRecord answer = completion.answer();
    GenericRecord copy = GenericData.get().deepCopy(answer.getSchema(), answer);
    new UnmaskedQuotes(masked).record(type, copy);
    return completion.withAnswer(copy);
  }

  private void record(AnswerType.Composite type, GenericRecord record) {
    for (int i = 0; i < type.fields().size(); i++) {
      record.put(i, value(type.fields().get(i).type(), record.get(i)));
    }
  }

  private @Nullable Object value(AnswerType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (type instanceof AnswerType.Quote quote) {
      return masked.unmasked(value.toString(), quote.maxLength());
    }
    if (type instanceof AnswerType.Nullable nullable) {
      return value(nullable.type(), value);
    }
    if (type instanceof AnswerType.Composite composite) {
      record(composite, (GenericRecord) value);
    } else if (type instanceof AnswerType.Items items) {
      List<@Nullable Object> values = new ArrayList<>();
      ((List<?>) value).forEach(item -> values.add(value(items.type(), item)));
      return values;
    }
    return value;
  }
}
