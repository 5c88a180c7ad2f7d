package io.kaiseki.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.contract.AnswerType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Confidences of closed fields from the probabilities of tokens, where a server gives them. At each
 * token of a value, the alternatives that still lead to a label share its mass; whatever leads to
 * none is left out. A label that is not among a server's top alternatives counts as impossible, so
 * the result is an estimate, unlike that of an engine that sees all of the vocabulary. A field
 * whose tokens come without alternatives, or fit no label, has no confidence: none is better than
 * one that is made up.
 */
final class LabelProbabilities {

  /** A token that the server itself is as sure of needs no alternatives beside it. */
  private static final double CERTAIN = 0.99;

  private final JsonNode tokens;
  private final int[] starts;
  private final int offset;

  private LabelProbabilities(JsonNode tokens, int[] starts, int offset) {
    this.tokens = tokens;
    this.starts = starts;
    this.offset = offset;
  }

  /** One entry for each closed field of which something is known, in the order of the answer. */
  static List<FieldConfidence> of(ChatReply reply, AnswerType.Composite type) {
    JsonNode tokens = reply.logprobs();
    if (!tokens.isArray() || tokens.isEmpty()) {
      return List.of();
    }
    StringBuilder text = new StringBuilder();
    int[] starts = new int[tokens.size() + 1];
    for (int i = 0; i < tokens.size(); i++) {
      starts[i] = text.length();
      text.append(tokens.get(i).path("token").asText());
    }
    starts[tokens.size()] = text.length();
    // A token may be half a character, and then the texts differ.
    int offset = text.lastIndexOf(reply.content());
    if (offset < 0) {
      return List.of();
    }
    LabelProbabilities probabilities = new LabelProbabilities(tokens, starts, offset);
    List<FieldConfidence> confidences = new ArrayList<>();
    for (ClosedValue value : ClosedValue.in(reply.content(), type)) {
      probabilities.confidence(value).ifPresent(confidences::add);
    }
    return confidences;
  }

  private Optional<FieldConfidence> confidence(ClosedValue value) {
    Map<String, Double> distribution = new LinkedHashMap<>();
    value.labels().keySet().forEach(label -> distribution.put(label, 0.0));
    Set<String> left = new LinkedHashSet<>(value.labels().keySet());
    int begin = offset + value.offset();
    double mass = 1;
    for (int i = tokenAt(begin); left.size() > 1 && i < tokens.size(); i++) {
      String token = tokens.get(i).path("token").asText();
      int cut = Math.max(0, begin - starts[i]);
      String before = token.substring(0, cut);
      String written = value.raw().substring(0, Math.max(0, starts[i] - begin));
      Map<String, Double> alternatives = alternatives(tokens.get(i), token);
      if (alternatives.isEmpty()) {
        return Optional.empty();
      }
      double total = 0;
      Map<String, Set<String>> compatible = new LinkedHashMap<>();
      for (Map.Entry<String, Double> alternative : alternatives.entrySet()) {
        String text = alternative.getKey();
        Set<String> labels =
            text.length() > cut && text.startsWith(before)
                ? compatible(left, value, written + text.substring(cut))
                : Set.of();
        if (!labels.isEmpty()) {
          compatible.put(text, labels);
          total += alternative.getValue();
        }
      }
      Set<String> chosen = compatible.getOrDefault(token, Set.of());
      if (chosen.isEmpty() || total <= 0) {
        return Optional.empty();
      }
      for (Map.Entry<String, Set<String>> alternative : compatible.entrySet()) {
        if (!alternative.getKey().equals(token)) {
          double share =
              mass * alternatives.get(alternative.getKey()) / total / alternative.getValue().size();
          alternative.getValue().forEach(label -> distribution.merge(label, share, Double::sum));
        }
      }
      mass *= alternatives.get(token) / total;
      left = chosen;
      if (starts[i + 1] - begin >= value.raw().length()) {
        left = Set.of(value.label());
      }
    }
    distribution.merge(value.label(), mass, Double::sum);
    return Optional.of(
        new FieldConfidence(
            value.path(), value.label(), distribution.get(value.label()), distribution));
  }

  private int tokenAt(int position) {
    int i = 0;
    while (i < tokens.size() && starts[i + 1] <= position) {
      i++;
    }
    return i;
  }

  private static Set<String> compatible(Set<String> labels, ClosedValue value, String text) {
    Set<String> compatible = new LinkedHashSet<>();
    for (String label : labels) {
      String raw = value.labels().get(label);
      if (raw.startsWith(text) || text.startsWith(raw)) {
        compatible.add(label);
      }
    }
    return compatible;
  }

  /**
   * Probabilities by the text of the token; two tokens with the same text count together. Empty
   * where the server tells nothing of what else the token could have been.
   */
  private static Map<String, Double> alternatives(JsonNode position, String token) {
    Map<String, Double> alternatives = new LinkedHashMap<>();
    position
        .path("top_logprobs")
        .forEach(
            top -> alternatives.merge(top.path("token").asText(), probability(top), Double::sum));
    boolean told = !alternatives.isEmpty();
    alternatives.putIfAbsent(token, probability(position));
    boolean alone = alternatives.size() == 1 && alternatives.get(token) < CERTAIN;
    return told && !alone ? alternatives : Map.of();
  }

  /** Some servers write null for a token that can't be. */
  private static double probability(JsonNode of) {
    return Math.exp(of.path("logprob").asDouble(Double.NEGATIVE_INFINITY));
  }
}
