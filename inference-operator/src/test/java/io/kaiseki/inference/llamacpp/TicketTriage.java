package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.avro.Schema;

/** The ticket triage that ships, read where it stands, so that the tests can't fall behind it. */
final class TicketTriage {

  private static final Path FILE =
      Path.of("..", "pipelines", "src", "main", "resources", "analyses", "ticket-triage")
          .resolve("result.avsc");

  static final Schema SCHEMA = read();

  private TicketTriage() {}

  static Analysis analysis(ReasoningPolicy reasoning) {
    return new Analysis(
        "ticket-triage",
        "built-in " + reasoning,
        "You triage tickets for the service desk.",
        Contract.of(SCHEMA),
        reasoning);
  }

  private static Schema read() {
    try {
      return new Schema.Parser().parse(FILE.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(FILE.toAbsolutePath() + " can't be read", e);
    }
  }
}
