package io.kaiseki.pipelines.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the files of an analysis stand: in a directory, or among the built-in ones. */
sealed interface AnalysisFolder {

  String SETTINGS = "analysis.yaml";
  String INSTRUCTIONS = "instructions.md";
  String RESULT_SCHEMA = "result.avsc";
  String CALIBRATION = "calibration.yaml";

  /** The folder's own name. */
  String name();

  /** The bytes of a file; empty where there is none. */
  Optional<byte[]> read(String file) throws IOException;

  /** Where a relative path in the settings is looked up first; empty for a built-in. */
  Optional<Path> directory();

  /** A folder on disk. */
  record OnDisk(Path path) implements AnalysisFolder {

    public OnDisk {
      path = path.toAbsolutePath().normalize();
    }

    @Override
    public String name() {
      Path last = path.getFileName();
      return last == null ? "" : last.toString();
    }

    @Override
    public Optional<byte[]> read(String file) throws IOException {
      Path at = path.resolve(file);
      return Files.exists(at) ? Optional.of(Files.readAllBytes(at)) : Optional.empty();
    }

    @Override
    public Optional<Path> directory() {
      return Optional.of(path);
    }
  }

  /** A folder on the class path, below {@code analyses/}. */
  record BuiltIn(String name) implements AnalysisFolder {

    static final String ROOT = "/analyses/";

    @Override
    public Optional<byte[]> read(String file) throws IOException {
      try (InputStream in = BuiltIn.class.getResourceAsStream(ROOT + name + "/" + file)) {
        return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
      }
    }

    @Override
    public Optional<Path> directory() {
      return Optional.empty();
    }
  }
}
