package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.ReasoningPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The folders that stand in the source tree for users to copy. */
class ExampleAnalysesTest {

  private static final Path EXAMPLES = Path.of("analyses");

  static List<Path> examples() throws IOException {
    try (Stream<Path> entries = Files.list(EXAMPLES)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void there_is_one_for_labels_and_one_for_quotes() throws IOException {
    assertThat(examples())
        .extracting(folder -> folder.getFileName().toString())
        .containsExactly("bank-intent", "booking-slots");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void each_loads_and_tells_what_it_is(Path folder) {
    AnalysisDefinition analysis = load(folder);

    assertThat(analysis.name()).isEqualTo(folder.getFileName().toString());
    assertThat(analysis.title()).isNotEqualTo(analysis.name());
    assertThat(analysis.model().file()).isEmpty();
    assertThat(analysis.toAnalysis().contract().type().fields())
        .allSatisfy(field -> assertThat(field.doc()).isNotBlank());
  }

  @Test
  void bank_intent_has_one_closed_field_of_77_labels_and_thinks_when_unsure() {
    AnalysisDefinition analysis = load(EXAMPLES.resolve("bank-intent"));

    List<Schema.Field> fields = analysis.resultSchema().getFields();
    assertThat(fields).hasSize(1);
    assertThat(fields.get(0).schema().getEnumSymbols()).hasSize(77).contains("card_arrival");
    assertThat(analysis.reasoning()).isInstanceOf(ReasoningPolicy.WhenUnsure.class);
  }

  @Test
  void booking_slots_copies_what_is_there_and_leaves_the_rest_null() {
    AnalysisDefinition analysis = load(EXAMPLES.resolve("booking-slots"));

    assertThat(analysis.resultSchema().getFields())
        .hasSize(14)
        .allSatisfy(
            field -> {
              assertThat(field.schema().isNullable()).isTrue();
              assertThat(Objects.requireNonNull(field.getObjectProp("quote"))).isEqualTo(true);
            });
  }

  private static AnalysisDefinition load(Path folder) {
    // Begins with a dot, so that it is a folder and never a built-in of the same name.
    return Analyses.load("./" + folder, AnalysisOverrides.none());
  }
}
