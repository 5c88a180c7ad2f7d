package io.kaiseki.pipelines.eval.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.eval.labels.Label;
import io.kaiseki.pipelines.eval.labels.LabelReader;
import io.kaiseki.pipelines.eval.labels.LabelRequest;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelFileTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"labels.csv", "labels.jsonl"})
  void fields_that_are_called_like_parts_of_a_document_do_not_take_their_place(String name)
      throws IOException {
    Contract contract = contract("id", "title", "text");
    Path file = directory.resolve(name);
    Map<String, JsonNode> labels =
        Map.of("id", text("A-1"), "title", text("Late parcel"), "text", text("It is late."));

    LabelFile.write(
        file, contract, List.of(new LabelFile.Row("T-1", "Re: order", "Where is it?", labels)));

    assertThat(read(file, contract))
        .containsExactly(
            new LabelledDocument(
                "T-1",
                Optional.of("Re: order"),
                "Where is it?",
                Map.of(
                    "id", new Label.Open(List.of("A-1")),
                    "title", new Label.Open(List.of("Late parcel")),
                    "text", new Label.Open(List.of("It is late.")))));
  }

  @Test
  void how_a_file_is_read_is_told_as_options_of_eval() {
    assertThat(LabelFile.options(Path.of("l.jsonl"), contract("topic")))
        .isEqualTo("--labels l.jsonl --id id --title title");
    assertThat(LabelFile.options(Path.of("l.csv"), contract("text", "title")))
        .isEqualTo(
            "--labels l.csv --id id --title document.title --text document.text --unlabelled '?'");
  }

  private static List<LabelledDocument> read(Path file, Contract contract) {
    LabelFile.Columns names = LabelFile.Columns.of(contract);
    List<ConfigurationProblem> problems = new ArrayList<>();
    LabelRequest request =
        new LabelRequest(
            file,
            names.text(),
            Optional.of(names.id()),
            Optional.of(names.title()),
            Map.of(),
            Optional.empty(),
            LabelFile.unlabelled(file),
            OptionalInt.empty(),
            1,
            true);
    return new LabelReader(request, contract, problems).read().orElseThrow().documents();
  }

  /** A contract whose fields are texts. */
  private static Contract contract(String... fields) {
    SchemaBuilder.FieldAssembler<Schema> schema =
        SchemaBuilder.record("Mail").namespace("test").fields();
    for (String field : fields) {
      schema.requiredString(field);
    }
    return Contract.of(schema.endRecord());
  }

  private static JsonNode text(String text) {
    return TextNode.valueOf(text);
  }
}
