package io.kaiseki.pipelines.demo;

import io.kaiseki.inference.gguf.InvalidModelFileException;
import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The model of the demo: the user's own, or a tiny one with made-up weights. */
final class DemoModel {

  private static final Logger LOG = LoggerFactory.getLogger(DemoModel.class);

  private DemoModel() {}

  /**
   * The file to run; the tiny one is made in the user's cache directory the first time.
   *
   * @throws IOException if it can't be made
   */
  static Path choose(Optional<Path> given) throws IOException {
    if (given.isPresent()) {
      return given.get();
    }
    Path made = cache().resolve("models").resolve("kaiseki-tiny-made-up.gguf");
    if (!usable(made)) {
      Files.createDirectories(made.getParent());
      ModelMaker.make(ModelShape.TINY, made, MakeOptions.defaults());
    }
    return made;
  }

  private static boolean usable(Path file) {
    if (!Files.exists(file)) {
      return false;
    }
    try {
      ModelFile.open(file);
      return true;
    } catch (InvalidModelFileException e) {
      LOG.info("cached model is made anew file={} cause={}", file, e.getMessage());
      return false;
    }
  }

  /** As the XDG base directory specification has it. */
  private static Path cache() {
    String given = System.getenv("XDG_CACHE_HOME");
    return given == null || given.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "kaiseki")
        : Path.of(given, "kaiseki");
  }
}
