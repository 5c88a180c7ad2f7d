package io.kaiseki.pipelines.eval.labels;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a file of rows: CSV as in RFC 4180 with a header, or JSON Lines with an object on each
 * line. Both are UTF-8.
 */
final class TableReader {

  /** Without a schema it gives each row as an array of texts. */
  private static final CsvMapper CSV =
      CsvMapper.builder().enable(CsvParser.Feature.SKIP_EMPTY_LINES).build();

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Path file;
  private final String option;
  private final Collection<ConfigurationProblem> problems;

  /**
   * @param option the option that names the file, for problems
   * @param problems takes what is wrong
   */
  TableReader(Path file, String option, Collection<ConfigurationProblem> problems) {
    this.file = file;
    this.option = option;
    this.problems = problems;
  }

  /** Reads JSON as labels have it: numbers keep their digits, and nothing is passed over. */
  static JsonNode json(String text) throws JsonProcessingException {
    try {
      return JSON.readTree(text);
    } catch (NumberFormatException e) {
      // Jackson lets it out where an exponent is beyond all numbers.
      throw new JsonParseException(null, "a number is beyond what can be read", e);
    }
  }

  /** The table; empty, and problems noted, where it can't be read. */
  Optional<Table> read() {
    int before = problems.size();
    Optional<Table> table = text().map(this::parse);
    if (problems.size() == before && table.isPresent() && table.get().rows().isEmpty()) {
      problem("has no rows");
    }
    return table.filter(read -> problems.size() == before);
  }

  private Optional<String> text() {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      problem("not UTF-8; save it as UTF-8");
    } catch (IOException e) {
      problem(
          Files.exists(file)
              ? "can't be read: " + e
              : "no such file; name a CSV or JSON Lines file");
    }
    return Optional.empty();
  }

  private Table parse(String text) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    try {
      return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? lines(text) : csv(text);
    } catch (JsonProcessingException e) {
      problem(
          "not valid CSV at line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      problem("can't be read: " + e);
    }
    return new Table(List.of(), List.of());
  }

  private Table lines(String text) {
    Set<String> columns = new LinkedHashSet<>();
    List<Table.Row> rows = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      if (!line.isBlank()) {
        try {
          JsonNode node = json(line);
          if (!node.isObject()) {
            problem("line " + number + " is no JSON object; write one object on each line");
            break;
          }
          Map<String, JsonNode> cells = new LinkedHashMap<>();
          node.properties().forEach(cell -> cells.put(cell.getKey(), cell.getValue()));
          columns.addAll(cells.keySet());
          rows.add(new Table.Row(number, cells));
        } catch (JsonProcessingException e) {
          problem("line " + number + " is not valid JSON: " + e.getOriginalMessage());
          break;
        }
      }
    }
    return new Table(List.copyOf(columns), rows);
  }

  private Table csv(String text) throws IOException {
    List<String> columns = List.of();
    List<Table.Row> rows = new ArrayList<>();
    try (JsonParser parser = CSV.getFactory().createParser(text)) {
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        int line = parser.currentLocation().getLineNr();
        List<String> cells = cells(parser);
        if (columns.isEmpty()) {
          columns = header(cells);
        } else if (cells.size() > columns.size()) {
          problem(
              "line "
                  + line
                  + " has "
                  + cells.size()
                  + " cells under "
                  + columns.size()
                  + " columns; put texts with commas in quotation marks");
          break;
        } else {
          Map<String, JsonNode> row = new LinkedHashMap<>();
          for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i), TextNode.valueOf(i < cells.size() ? cells.get(i) : ""));
          }
          rows.add(new Table.Row(line, row));
        }
      }
    }
    return new Table(columns, rows);
  }

  private List<String> header(List<String> cells) {
    List<String> columns = cells.stream().map(String::strip).toList();
    if (Set.copyOf(columns).size() < columns.size()) {
      problem("two columns have one name; found " + String.join(", ", columns));
    }
    return columns;
  }

  private static List<String> cells(JsonParser parser) throws IOException {
    List<String> cells = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      cells.add(parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getText());
    }
    return cells;
  }

  private void problem(String remedy) {
    problems.add(new ConfigurationProblem(option, file.toString(), remedy));
  }
}
