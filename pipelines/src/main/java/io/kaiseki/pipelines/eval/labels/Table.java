package io.kaiseki.pipelines.eval.labels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.List;
import java.util.Map;

/**
 * A file as columns and rows.
 *
 * @param columns names of all columns, in the order in which they first occur
 * @param rows the rows
 */
record Table(List<String> columns, List<Row> rows) {

  /**
   * One row.
   *
   * @param line line of the file that it begins on, from 1
   * @param cells by column; in CSV all of them are texts, and every column has one
   */
  record Row(int line, Map<String, JsonNode> cells) {

    /** The cell of a column; null in JSON's sense where the row has none. */
    JsonNode cell(String column) {
      return cells.getOrDefault(column, NullNode.getInstance());
    }

    /** A cell as text: empty where there is none. */
    String text(String column) {
      JsonNode cell = cell(column);
      return cell.isNull() ? "" : cell.isValueNode() ? cell.asText() : cell.toString();
    }
  }
}
