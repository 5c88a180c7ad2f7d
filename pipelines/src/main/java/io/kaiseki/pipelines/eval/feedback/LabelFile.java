package io.kaiseki.pipelines.eval.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.schemas.feedback.FeedbackValue;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file of labelled documents in a form that {@code kaiseki eval --labels} reads. */
public final class LabelFile {

  /** Where the reader looks for texts unless it is told. */
  private static final String TEXT = "text";

  /** In a cell of CSV: nobody has said anything about this field of this document. */
  private static final String UNLABELLED = "?";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Columns of the document itself. A field has the column that is called like it, so where a
   * contract has a field {@code title}, the document's own is called otherwise.
   *
   * @param id column of its id
   * @param title column of its title; empty where it has none
   * @param text column of its text
   */
  public record Columns(String id, String title, String text) {

    /** Those beside the fields of a contract. */
    public static Columns of(Contract contract) {
      return new Columns(name("id", contract), name("title", contract), name(TEXT, contract));
    }

    /** No field's name has a dot. */
    private static String name(String usual, Contract contract) {
      return contract.type().fields().stream().anyMatch(field -> field.name().equals(usual))
          ? "document." + usual
          : usual;
    }
  }

  private LabelFile() {}

  /**
   * A labelled document.
   *
   * @param labels what is true, by field; JSON's null for an empty value of an open field
   */
  record Row(String id, String title, String text, Map<String, JsonNode> labels) {}

  /** The word for cells without a label, which the reader must be told; empty where none is. */
  public static Optional<String> unlabelled(Path file) {
    return isCsv(file) ? Optional.of(UNLABELLED) : Optional.empty();
  }

  /** The options that make {@code kaiseki eval} read a file. */
  public static String options(Path file, Contract contract) {
    Columns names = Columns.of(contract);
    return "--labels %s --id %s --title %s".formatted(file, names.id(), names.title())
        + (names.text().equals(TEXT) ? "" : " --text " + names.text())
        + unlabelled(file).map(word -> " --unlabelled '" + word + "'").orElse("");
  }

  /** Writes a file; CSV has a column for each field that has a label. */
  static void write(Path file, Contract contract, List<Row> rows) throws IOException {
    if (isCsv(file)) {
      writeCsv(file, contract, rows);
    } else {
      writeLines(file, contract, rows);
    }
  }

  private static boolean isCsv(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private static void writeLines(Path file, Contract contract, List<Row> rows) throws IOException {
    Columns names = Columns.of(contract);
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (Row row : rows) {
        ObjectNode line = JSON.createObjectNode();
        line.put(names.id(), row.id())
            .put(names.title(), row.title())
            .put(names.text(), row.text());
        line.setAll(row.labels());
        out.write(JSON.writeValueAsString(line));
        out.newLine();
      }
    }
  }

  private static void writeCsv(Path file, Contract contract, List<Row> rows) throws IOException {
    List<String> labelled =
        contract.type().fields().stream()
            .map(AnswerType.Field::name)
            .filter(name -> rows.stream().anyMatch(row -> row.labels().containsKey(name)))
            .toList();
    Columns names = Columns.of(contract);
    CsvSchema.Builder columns =
        CsvSchema.builder()
            .setUseHeader(true)
            .addColumn(names.id())
            .addColumn(names.title())
            .addColumn(names.text());
    labelled.forEach(columns::addColumn);
    ObjectWriter writer = new CsvMapper().writer(columns.build());
    try (SequenceWriter out =
        writer.writeValues(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
      for (Row row : rows) {
        List<String> cells = new ArrayList<>(List.of(row.id(), row.title(), row.text()));
        labelled.forEach(name -> cells.add(cell(row.labels().get(name))));
        out.write(cells);
      }
    }
  }

  private static String cell(@Nullable JsonNode label) {
    return label == null ? UNLABELLED : Objects.requireNonNullElse(FeedbackValue.text(label), "");
  }
}
