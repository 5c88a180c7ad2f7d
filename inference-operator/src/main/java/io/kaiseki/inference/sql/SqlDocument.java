package io.kaiseki.inference.sql;

import io.kaiseki.schemas.digest.Sha256;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * The input of one call.
 *
 * @param id the id that the row brought along, or a hash of the text
 * @param text null where SQL gave NULL
 */
record SqlDocument(String id, @Nullable String text) {

  private static final int ID_DIGITS = 16;

  /**
   * Reads the features of a row; nothing of the row is kept, since Flink uses it again.
   *
   * @param textPosition position of the text among the features
   * @param idPosition position of the id, or {@link OutputColumns#NONE}
   */
  static SqlDocument of(RowData features, int textPosition, int idPosition) {
    String text =
        features.isNullAt(textPosition) ? null : features.getString(textPosition).toString();
    if (idPosition != OutputColumns.NONE && !features.isNullAt(idPosition)) {
      return new SqlDocument(features.getString(idPosition).toString(), text);
    }
    return new SqlDocument(text == null ? "null" : hash(text), text);
  }

  private static String hash(String text) {
    return "sha256-" + Sha256.hex(text).substring(0, ID_DIGITS);
  }
}
