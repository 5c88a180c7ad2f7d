package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.contract.AnswerType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one list out of the lists of all parts: in the order of the document, without repetitions.
 * Where more are left than the contract allows, the strongest stay: an item is as strong as the sum
 * of the confidences with which parts have named it, so what is said often and surely comes before
 * what is said once; of equals, the earlier one stays. An item's own confidences move along with
 * it.
 */
final class ItemMerger {

  /** An item where it stands first, and what speaks for it. */
  private static final class Named {
    private final Object value;
    private final List<FieldConfidence> confidences;
    private final String path;
    private double strength;

    Named(Object value, List<FieldConfidence> confidences, String path) {
      this.value = value;
      this.confidences = confidences;
      this.path = path;
    }
  }

  private final AnswerType.Items type;
  private final Map<Object, Named> distinct = new LinkedHashMap<>();
  private final List<Named> repetitions = new ArrayList<>();

  ItemMerger(AnswerType.Items type) {
    this.type = type;
  }

  /** Adds the list of the next part. */
  void add(AnalysedPart part, String path, List<?> items) {
    for (int i = 0; i < items.size(); i++) {
      Object value = items.get(i);
      String itemPath = path + "[" + i + "]";
      List<FieldConfidence> confidences =
          part.completion().confidences().stream()
              .filter(confidence -> within(itemPath, confidence.field()))
              .toList();
      Named named = new Named(value, confidences, itemPath);
      Named first = distinct.putIfAbsent(NormalForm.of(value), named);
      if (first != null) {
        repetitions.add(named);
      }
      (first == null ? named : first).strength += strength(confidences);
    }
  }

  /**
   * The merged list.
   *
   * @param confidences takes the confidences of the items, under their new places
   */
  List<Object> merged(String path, List<FieldConfidence> confidences) {
    List<Named> chosen = new ArrayList<>(distinct.values());
    // Fewer than the contract asks for: then what was said twice stands there twice.
    for (int i = 0; chosen.size() < type.minItems() && i < repetitions.size(); i++) {
      chosen.add(repetitions.get(i));
    }
    if (chosen.size() > type.maxItems()) {
      List<Named> strongest =
          chosen.stream()
              .sorted(Comparator.comparingDouble((Named named) -> named.strength).reversed())
              .limit(type.maxItems())
              .toList();
      chosen.removeIf(named -> !strongest.contains(named));
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      Named named = chosen.get(i);
      values.add(named.value);
      String place = path + "[" + i + "]";
      named.confidences.forEach(confidence -> confidences.add(moved(confidence, named, place)));
    }
    return values;
  }

  private static boolean within(String item, String field) {
    return field.startsWith(item)
        && (field.length() == item.length() || ".[".indexOf(field.charAt(item.length())) >= 0);
  }

  private static double strength(List<FieldConfidence> confidences) {
    return confidences.stream().mapToDouble(FieldConfidence::probability).average().orElse(1);
  }

  private static FieldConfidence moved(FieldConfidence confidence, Named named, String place) {
    return new FieldConfidence(
        place + confidence.field().substring(named.path.length()),
        confidence.label(),
        confidence.probability(),
        confidence.distribution(),
        confidence.abstained());
  }
}
