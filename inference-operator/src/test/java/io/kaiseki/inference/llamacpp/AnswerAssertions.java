package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** What an answer must keep beyond its Avro types: lengths, numbers of items, and quotes. */
final class AnswerAssertions {

  private static final int DEFAULT_MAX_LENGTH = 256;
  private static final int DEFAULT_MAX_ITEMS = 16;

  private AnswerAssertions() {}

  /** Fails unless the answer is valid under its schema's types and bounds. */
  static void assertValid(GenericRecord answer, String document) {
    assertThat(GenericData.get().validate(answer.getSchema(), answer))
        .as("valid: %s", answer)
        .isTrue();
    for (Schema.Field field : answer.getSchema().getFields()) {
      Object value = answer.get(field.pos());
      if (value instanceof List<?> items) {
        assertThat(items.size()).isLessThanOrEqualTo(bound(field, "maxItems", DEFAULT_MAX_ITEMS));
        items.forEach(item -> assertBounds(field, item, document));
      } else {
        assertBounds(field, value, document);
      }
    }
  }

  private static void assertBounds(Schema.Field field, Object value, String document) {
    if (value instanceof CharSequence text) {
      String string = text.toString();
      assertThat(string.codePointCount(0, string.length()))
          .as("%s = %s", field.name(), string)
          .isLessThanOrEqualTo(bound(field, "maxLength", DEFAULT_MAX_LENGTH));
      assertThat(string.codePoints().noneMatch(point -> point < 0x20 && !quote(field)))
          .as("%s has no control characters: %s", field.name(), string)
          .isTrue();
      if (quote(field)) {
        assertThat(document).as(field.name()).contains(string);
      }
    }
  }

  private static boolean quote(JsonProperties field) {
    return Boolean.TRUE.equals(field.getObjectProp("quote"));
  }

  private static int bound(JsonProperties field, String key, int otherwise) {
    return field.getObjectProp(key) instanceof Integer number ? number : otherwise;
  }
}
