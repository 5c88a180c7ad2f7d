package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.longdocument.MergedAnswer.OpenText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.avro.generic.GenericRecord;

/**
 * Makes one text out of those that the parts have given, such as summaries: they become a document
 * of their own, which goes through the same analysis once more, and of its answer only the free
 * texts are taken. Where they do not fit into one document, they become several, and so on, round
 * by round, as long as that makes them fewer.
 */
final class PartialTexts {

  private static final String TITLE =
      "Notes on the parts of one long document, in the order of the document.\n";

  private PartialTexts() {}

  /** What answers say in these fields; answers that say nothing are left out. */
  static List<Map<OpenText, String>> notes(List<OpenText> fields, List<GenericRecord> answers) {
    List<Map<OpenText, String>> notes = new ArrayList<>();
    for (GenericRecord answer : answers) {
      Map<OpenText, String> note = new LinkedHashMap<>();
      for (OpenText field : fields) {
        String text = field.of(answer);
        if (text != null) {
          note.put(field, text);
        }
      }
      if (!note.isEmpty()) {
        notes.add(note);
      }
    }
    return notes;
  }

  /**
   * Packs notes into documents.
   *
   * @param limit most tokens of a document
   * @return fewer documents than notes; empty where that can't be
   */
  static Optional<List<String>> documents(
      List<Map<OpenText, String>> notes, ToIntFunction<String> tokens, int limit) {
    List<String> documents = new ArrayList<>();
    int titleTokens = tokens.applyAsInt(TITLE);
    StringBuilder document = new StringBuilder(TITLE);
    int size = titleTokens;
    for (int i = 0; i < notes.size(); i++) {
      String note = text(i + 1, notes.get(i));
      int noteTokens = tokens.applyAsInt(note);
      if (size + noteTokens > limit && document.length() > TITLE.length()) {
        documents.add(document.toString());
        document = new StringBuilder(TITLE);
        size = titleTokens;
      }
      document.append(note);
      size += noteTokens;
    }
    documents.add(document.toString());
    boolean fit = documents.stream().allMatch(each -> tokens.applyAsInt(each) <= limit);
    return fit && documents.size() < notes.size() ? Optional.of(documents) : Optional.empty();
  }

  private static String text(int number, Map<OpenText, String> note) {
    StringBuilder text = new StringBuilder("\nPart ").append(number).append('\n');
    note.forEach(
        (field, value) -> text.append(field.name()).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
