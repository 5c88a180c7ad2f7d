package io.kaiseki.pipelines.backfill.archive;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * How files are read.
 *
 * @param columns of rows
 * @param charset name of the encoding of text, Markdown, CSV and JSONL without a byte order mark;
 *     the other formats tell theirs themselves
 */
public record ReadOptions(Columns columns, String charset) implements Serializable {

  /** The usual columns, in UTF-8. */
  public static final ReadOptions USUAL = new ReadOptions(Columns.USUAL, "UTF-8");

  Charset encoding() {
    return Charset.forName(charset);
  }

  /**
   * Whether rows can be told apart in an encoding before it is decoded, as in UTF-8, ISO-8859 and
   * the Windows code pages.
   */
  public static boolean separatesRows(Charset charset) {
    String separators = "\"\r\n,;\t";
    return charset.canEncode()
        && java.util.Arrays.equals(
            separators.getBytes(charset), separators.getBytes(StandardCharsets.US_ASCII));
  }
}
