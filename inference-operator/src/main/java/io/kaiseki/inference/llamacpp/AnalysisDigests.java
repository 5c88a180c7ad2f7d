package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.MaskedValue;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * SHA-256 of all of an analysis: two that are equal have the same. Those of analyses that somebody
 * holds are known; none is held here. Safe for use by several threads.
 */
final class AnalysisDigests {

  private final Map<Analysis, ByteBuffer> known = Collections.synchronizedMap(new WeakHashMap<>());

  ByteBuffer of(Analysis analysis) {
    ByteBuffer digest = known.get(analysis);
    if (digest == null) {
      // With no lock held: a schema may be long, and another analysis must not wait for it.
      digest = digest(analysis);
      known.put(analysis, digest);
    }
    return digest;
  }

  private static ByteBuffer digest(Analysis analysis) {
    TextDigest digest =
        new TextDigest()
            .add(analysis.name())
            .add(analysis.version())
            .add(analysis.instructions())
            .add(analysis.contract().schema().toString())
            .add(analysis.contract().layout().name())
            .add(Boolean.toString(analysis.contract().confident()))
            .add(analysis.reasoning().describe())
            .add(analysis.longDocuments().name())
            .add(analysis.masking().phoneRegion())
            .add(Boolean.toString(analysis.masking().unmaskQuotes()));
    for (MaskedValue value : analysis.masking().values()) {
      digest
          .add(value.kind())
          .add(value instanceof MaskedValue.Custom custom ? "=" + custom.pattern() : "");
    }
    return digest.end();
  }
}
