package io.kaiseki.pipelines.backfill;

import io.kaiseki.pipelines.backfill.archive.Format;
import io.kaiseki.pipelines.backfill.archive.ReadOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a backfill goes through. */
public sealed interface BackfillSource {

  /**
   * Files and folders.
   *
   * @param paths at least one
   * @param format of every file; null for what the name of each says
   * @param options how they are read
   */
  record Files(List<Path> paths, @Nullable Format format, ReadOptions options)
      implements BackfillSource {
    public Files {
      paths = paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    }
  }

  /**
   * Records of a topic in the wire format.
   *
   * @param name of the topic
   * @param bounds from where to where
   */
  record Topic(String name, TopicBounds bounds) implements BackfillSource {}
}
