package io.kaiseki.pipelines.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files and directories that a command makes for itself and takes away again. */
final class TemporaryFiles {

  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFiles.class);

  private TemporaryFiles() {}

  /** Deletes a file, or a directory with all that is in it, as far as that goes. */
  static void delete(Path path) {
    try (Stream<Path> files = Files.walk(path)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (IOException | UncheckedIOException e) {
      // It lies in the directory for temporary files, which the system clears.
      LOG.info("temporary files left behind path={}", path, e);
    }
  }
}
