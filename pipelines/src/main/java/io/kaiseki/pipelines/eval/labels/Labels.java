package io.kaiseki.pipelines.eval.labels;

import java.util.List;

/**
 * Labelled documents, ready to be asked about.
 *
 * @param file name of the file, without its directories
 * @param rows documents in the file; more than {@code documents} where those are a sample
 * @param fields fields that have labels, in the order of the contract
 * @param documents the documents, in the order of the file
 */
public record Labels(
    String file, int rows, List<LabelledField> fields, List<LabelledDocument> documents) {

  public Labels {
    fields = List.copyOf(fields);
    documents = List.copyOf(documents);
  }

  /** The closed fields among those that have labels. */
  public List<LabelledField> closedFields() {
    return fields.stream().filter(LabelledField::closed).toList();
  }
}
