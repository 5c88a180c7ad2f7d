package io.kaiseki.inference.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of fingerprints, one on each line, the oldest first. It holds at most {@link #MOST}; the
 * oldest make room. Whoever reads or writes holds the journal's lock.
 */
record FingerprintList(Path path) {

  static final int MOST = 4096;

  Set<Fingerprint> read() throws IOException {
    if (!Files.exists(path)) {
      return new LinkedHashSet<>();
    }
    try (Stream<String> lines = Files.lines(path)) {
      return lines
          .filter(Fingerprint::valid)
          .map(Fingerprint::new)
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }
  }

  /** Replaces the file as a whole, so that a death in between leaves the old one. */
  void write(Set<Fingerprint> fingerprints) throws IOException {
    List<String> lines =
        fingerprints.stream()
            .skip(Math.max(0, fingerprints.size() - MOST))
            .map(Fingerprint::hex)
            .toList();
    Path partial = path.resolveSibling(path.getFileName() + ".partial");
    Files.write(partial, lines);
    Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
