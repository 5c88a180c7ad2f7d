package io.kaiseki.inference.longdocument;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What makes two values the same to a reader: letters of either case, in any of Unicode's forms,
 * with any white space between words.
 */
final class NormalForm {

  private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{Z}]+");

  private NormalForm() {}

  /** Equal for values that say the same; strings, records and lists are looked into. */
  static Object of(@Nullable Object value) {
    if (value instanceof CharSequence text) {
      return text(text.toString());
    }
    if (value instanceof IndexedRecord record) {
      List<Object> fields = new ArrayList<>();
      for (int i = 0; i < record.getSchema().getFields().size(); i++) {
        fields.add(of(record.get(i)));
      }
      return fields;
    }
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(of(item)));
      return items;
    }
    return value == null ? Void.class : value;
  }

  private static String text(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFKC);
    return WHITE_SPACE.matcher(composed).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
  }
}
