package io.kaiseki.pipelines.backfill.archive;

import java.io.IOException;

/** Takes the text out of the bytes of a file. */
@FunctionalInterface
interface TextExtractor {

  /**
   * Reads a whole file.
   *
   * @throws UnreadableException saying what is wrong
   * @throws IOException if the format's library gives up; its message is not shown, because it may
   *     quote the file
   */
  Extracted extract(byte[] bytes) throws UnreadableException, IOException;
}
