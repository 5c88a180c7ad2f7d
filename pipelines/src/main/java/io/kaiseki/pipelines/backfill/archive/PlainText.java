package io.kaiseki.pipelines.backfill.archive;

import java.nio.charset.Charset;

/** Text as it is, Markdown among it: a model reads its marks as well as a person does. */
record PlainText(String kind, Charset charset) implements TextExtractor {

  @Override
  public Extracted extract(byte[] bytes) throws UnreadableException {
    return Extracted.text(kind, StrictText.decodeMarked(bytes, charset));
  }
}
