package io.kaiseki.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.FieldConfidence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the confidences that another Kaiseki gives with its answer. */
final class Confidences {

  private Confidences() {}

  static List<FieldConfidence> of(JsonNode kaiseki) {
    List<FieldConfidence> confidences = new ArrayList<>();
    for (JsonNode entry : kaiseki.path(KaisekiFields.CONFIDENCES)) {
      Map<String, Double> distribution = new LinkedHashMap<>();
      entry
          .path(KaisekiFields.DISTRIBUTION)
          .properties()
          .forEach(label -> distribution.put(label.getKey(), label.getValue().asDouble()));
      confidences.add(
          new FieldConfidence(
              entry.path(KaisekiFields.FIELD).asText(),
              entry.path(KaisekiFields.LABEL).asText(),
              entry.path(KaisekiFields.PROBABILITY).asDouble(),
              distribution,
              entry.path(KaisekiFields.ABSTAINED).asBoolean()));
    }
    return confidences;
  }
}
