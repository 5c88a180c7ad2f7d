package io.kaiseki.inference.sql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * The input of one call.
 *
 * @param id the id that the row brought along, or a hash of the text
 * @param text null where SQL gave NULL
 */
record SqlDocument(String id, @Nullable String text) {

  private static final int ID_BYTES = 8;

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
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
