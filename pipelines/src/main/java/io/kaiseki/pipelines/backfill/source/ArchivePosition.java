package io.kaiseki.pipelines.backfill.source;

import java.util.List;

/**
 * How far the list of files has been handed out.
 *
 * @param next place of the first file that no reader has had yet
 * @param returned files that readers gave back
 */
public record ArchivePosition(long next, List<ArchiveSplit> returned) {

  static final ArchivePosition START = new ArchivePosition(0, List.of());
}
