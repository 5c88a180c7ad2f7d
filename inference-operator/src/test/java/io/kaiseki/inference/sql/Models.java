package io.kaiseki.inference.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogModel;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedCatalogModel;
import org.apache.flink.table.catalog.ResolvedSchema;

/** Models as a catalog hands them to the factory. */
final class Models {

  static final Column[] TEXT = {Column.physical("text", DataTypes.STRING())};

  private Models() {}

  /** The options without which no model is complete, and these pairs of key and value. */
  static Map<String, String> options(String... pairs) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("provider", "kaiseki");
    options.put("model", "/models/some.gguf");
    options.put("instructions", "Sort the ticket.");
    for (int index = 0; index < pairs.length; index += 2) {
      options.put(pairs[index], pairs[index + 1]);
    }
    return options;
  }

  static SqlModel read(Map<String, String> options, Column... output) {
    return read(options, TEXT, output);
  }

  static SqlModel read(Map<String, String> options, Column[] input, Column[] output) {
    return SqlModelReader.read(
        "triage",
        ResolvedCatalogModel.of(
            CatalogModel.of(
                Schema.newBuilder().build(), Schema.newBuilder().build(), options, null),
            ResolvedSchema.of(input),
            ResolvedSchema.of(output)));
  }
}
