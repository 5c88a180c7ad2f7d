package io.kaiseki.pipelines.backfill.archive;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a file tells as a document.
 *
 * @param kind what sort of document it is
 * @param title null where it has none
 * @param body its text
 * @param language BCP 47 tag; null where it does not tell
 * @param received null where it does not tell
 * @param attributes whatever else it tells
 */
record Extracted(
    String kind,
    @Nullable String title,
    String body,
    @Nullable String language,
    @Nullable Instant received,
    Map<String, String> attributes) {

  /** Text without anything else. */
  static Extracted text(String kind, String body) {
    return new Extracted(kind, null, body, null, null, Map.of());
  }
}
