package io.kaiseki.pipelines.eval.labels;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where labels stand.
 *
 * @param file JSON Lines if its name ends in {@code .jsonl} or {@code .ndjson}, CSV otherwise
 * @param text column of the text
 * @param id column of the document's id; empty numbers them by line
 * @param title column of the title; empty where there is none
 * @param columns columns of labels by the names of fields; empty takes the columns that are called
 *     like a field, but none of the text, the id or the title
 * @param outOfScope the word in a column of a closed field that says that no label fits
 * @param unlabelled the word in a column of labels that says that nobody has labelled the field; a
 *     field that a line of JSON leaves out is not labelled either
 * @param limit most documents to take; empty takes all
 * @param seed decides which are taken
 * @param namedById whether problems name rows by the ids of their documents, as nobody has the file
 *     before them
 */
public record LabelRequest(
    Path file,
    String text,
    Optional<String> id,
    Optional<String> title,
    Map<String, String> columns,
    Optional<String> outOfScope,
    Optional<String> unlabelled,
    OptionalInt limit,
    long seed,
    boolean namedById) {

  public LabelRequest {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }
}
