package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.Contract;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Analyses that are equal share answers, and no others do. */
class AnalysisDigestsTest {

  private static final String FIELDS = "[{\"name\":\"sure\",\"type\":\"boolean\"}]";
  private static final MaskedValue MAIL = MaskedValue.Known.EMAIL;

  private final AnalysisDigests digests = new AnalysisDigests();

  @Test
  void equal_analyses_have_the_same_digest() {
    assertThat(digests.of(analysis("a", "1", "Read.")))
        .isEqualTo(digests.of(analysis("a", "1", "Read.")));
    assertThat(new AnalysisDigests().of(analysis("a", "1", "Read.")))
        .as("whoever works it out")
        .isEqualTo(digests.of(analysis("a", "1", "Read.")));
  }

  @Test
  void whatever_else_is_asked_has_another() {
    Contract contract = contract("Answer", FIELDS);
    Map<String, List<Object>> others =
        Map.of(
            "name", List.of("other", ""),
            "version", List.of("2", ""),
            "instructions", List.of("Read it.", "Read.\ud800", "Read.\ud801", "Read.?"),
            "contract",
                List.of(
                    contract("Other", FIELDS),
                    contract("Answer", FIELDS.replace("boolean", "int")),
                    contract("Answer", FIELDS.replace("}", ",\"doc\":\"d\"}")),
                    Contract.of(contract.schema(), AnswerLayout.ARRAY),
                    contract.withoutConfidences()),
            "reasoning",
                List.of(
                    new ReasoningPolicy.Always(8),
                    new ReasoningPolicy.Always(9),
                    new ReasoningPolicy.WhenUnsure(0.5, 8),
                    new ReasoningPolicy.WhenUnsure(0.25, 8)),
            "longDocuments", List.of(LongDocuments.SPLIT, LongDocuments.TRUNCATE),
            "masking",
                List.of(
                    new MaskingPolicy(List.of(), "DE", false),
                    new MaskingPolicy(List.of(), "", true),
                    new MaskingPolicy(List.of(MAIL), "", false),
                    new MaskingPolicy(List.of(MAIL, MaskedValue.Known.IBAN), "", false),
                    new MaskingPolicy(List.of(MaskedValue.Known.IBAN, MAIL), "", false),
                    custom("email", ""),
                    custom("email", "[a-z]+"),
                    custom("email", "[0-9]+")));
    assertThat(others)
        .as("all that an analysis is made of")
        .containsOnlyKeys(
            Arrays.stream(Analysis.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new));
    List<ByteBuffer> seen = new ArrayList<>();
    seen.add(digests.of(analysis(Map.of(), contract)));

    others.forEach(
        (component, values) ->
            values.forEach(
                value -> seen.add(digests.of(analysis(Map.of(component, value), contract)))));

    assertThat(seen).doesNotHaveDuplicates().hasSize(28);
  }

  @Test
  void text_does_not_move_from_one_part_to_the_next_unnoticed() {
    assertThat(digests.of(analysis("ab", "c", "d")))
        .isNotEqualTo(digests.of(analysis("a", "bc", "d")))
        .isNotEqualTo(digests.of(analysis("ab", "", "cd")));
  }

  @Test
  void long_texts_count_to_their_last_character() {
    String instructions = "x".repeat(10_000);

    assertThat(digests.of(analysis("a", "1", instructions + "y")))
        .isNotEqualTo(digests.of(analysis("a", "1", instructions + "z")));
  }

  private static Contract contract(String name, String fields) {
    return Contract.of(
        new Schema.Parser()
            .parse("{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":" + fields + "}"));
  }

  private static MaskingPolicy custom(String kind, String pattern) {
    return new MaskingPolicy(List.of(new MaskedValue.Custom(kind, pattern)), "", false);
  }

  private static Analysis analysis(String name, String version, String instructions) {
    return analysis(
        Map.of("name", name, "version", version, "instructions", instructions),
        contract("Answer", FIELDS));
  }

  private static Analysis analysis(Map<String, Object> parts, Contract contract) {
    return new Analysis(
        (String) parts.getOrDefault("name", "a"),
        (String) parts.getOrDefault("version", "1"),
        (String) parts.getOrDefault("instructions", "Read."),
        (Contract) parts.getOrDefault("contract", contract),
        (ReasoningPolicy) parts.getOrDefault("reasoning", ReasoningPolicy.OFF),
        (LongDocuments) parts.getOrDefault("longDocuments", LongDocuments.REFUSE),
        (MaskingPolicy) parts.getOrDefault("masking", MaskingPolicy.NONE));
  }
}
