package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.Schema;

/**
 * The document insight that ships, read where it stands, so that the tests can't fall behind it.
 */
final class DocumentInsight {

  private static final Path FOLDER =
      Path.of("..", "pipelines", "src", "main", "resources", "analyses", "document-insight");

  private DocumentInsight() {}

  static Analysis analysis(LongDocuments policy, MaskingPolicy masking) {
    try {
      return new Analysis(
          "document-insight",
          "built-in " + policy,
          Files.readString(FOLDER.resolve("instructions.md")),
          Contract.of(new Schema.Parser().parse(FOLDER.resolve("result.avsc").toFile())),
          ReasoningPolicy.OFF,
          policy,
          masking);
    } catch (IOException e) {
      throw new UncheckedIOException(FOLDER.toAbsolutePath() + " can't be read", e);
    }
  }
}
