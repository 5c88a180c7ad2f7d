package io.kaiseki.inference.gguf;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a file says of its tokens; the ordinary ones stay in the file.
 *
 * @param size number of tokens
 * @param merges number of byte-pair merges
 * @param preTokenizer value of {@code tokenizer.ggml.pre}; empty if the file has none
 * @param beginOfSequence id of the token that starts a prompt
 * @param endOfSequence id of the token that ends an answer
 * @param addsBeginOfSequence whether a prompt is meant to start with it
 * @param typeCounts tokens of each type that occurs
 * @param special all control and user-defined tokens, by id
 * @param r1Markers those markers of DeepSeek-R1 that are tokens of this model, of whatever type
 */
public record Vocabulary(
    int size,
    int merges,
    String preTokenizer,
    int beginOfSequence,
    int endOfSequence,
    boolean addsBeginOfSequence,
    Map<TokenType, Integer> typeCounts,
    List<SpecialToken> special,
    Map<R1Marker, SpecialToken> r1Markers) {

  /** A token with a meaning of its own. */
  public record SpecialToken(int id, String text, TokenType type) {}

  public Vocabulary {
    typeCounts = inOrder(TokenType.class, typeCounts);
    special = List.copyOf(special);
    r1Markers = inOrder(R1Marker.class, r1Markers);
  }

  private static <K extends Enum<K>, V> Map<K, V> inOrder(Class<K> keys, Map<K, V> map) {
    Map<K, V> ordered = new EnumMap<>(keys);
    ordered.putAll(map);
    return Collections.unmodifiableMap(ordered);
  }

  /** The marker's token, where the model has one. */
  public Optional<SpecialToken> find(R1Marker marker) {
    return Optional.ofNullable(r1Markers.get(marker));
  }

  /** The markers that this model lacks; a distillation of R1 lacks at most {@code <|EOT|>}. */
  public Set<R1Marker> missingR1Markers() {
    Set<R1Marker> missing = EnumSet.copyOf(Arrays.asList(R1Marker.values()));
    missing.removeAll(r1Markers.keySet());
    return missing;
  }
}
