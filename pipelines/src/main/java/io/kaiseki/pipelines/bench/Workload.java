package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.demo.SampleTicket;
import io.kaiseki.pipelines.demo.SampleTickets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What is measured: an analysis and documents of one kind.
 *
 * @param name the word for it on the command line
 * @param documents texts, in the order in which they are sent
 */
public record Workload(String name, Analysis analysis, List<String> documents) {

  private static final String FOLDER = "/bench/triage/";
  private static final int SHORTEST = 300;
  private static final int LONGEST = 900;
  private static final int LONG_PREFIX_REPEATS = 5;
  private static final int REASONING_BUDGET = 256;

  /** The names of all workloads. */
  public static List<String> names() {
    return List.of("triage", "long-prefix", "reasoning");
  }

  /**
   * A workload of {@code count} documents; empty if there is none of that name.
   *
   * <ul>
   *   <li>{@code triage}: short instructions, tickets of some paragraphs, six fields;
   *   <li>{@code long-prefix}: the same with five times the instructions;
   *   <li>{@code reasoning}: {@code triage} with up to 256 tokens of reasoning for each ticket.
   * </ul>
   */
  public static Optional<Workload> named(String name, int count) {
    String instructions = resource("instructions.md");
    Analysis analysis =
        switch (name) {
          case "triage" -> analysis(name, instructions, ReasoningPolicy.OFF);
          case "long-prefix" ->
              analysis(
                  name, (instructions + "\n").repeat(LONG_PREFIX_REPEATS), ReasoningPolicy.OFF);
          case "reasoning" ->
              analysis(name, instructions, new ReasoningPolicy.Always(REASONING_BUDGET));
          default -> null;
        };
    return Optional.ofNullable(analysis).map(found -> new Workload(name, found, documents(count)));
  }

  private static Analysis analysis(String name, String instructions, ReasoningPolicy reasoning) {
    Contract contract = Contract.of(new Schema.Parser().parse(resource("result.avsc")));
    return new Analysis("bench-" + name, "1", instructions, contract, reasoning);
  }

  private static List<String> documents(int count) {
    List<SampleTicket> tickets =
        SampleTickets.load().all().stream()
            .filter(ticket -> ticket.trait() != SampleTicket.Trait.HOSTILE)
            .filter(ticket -> ticket.body().length() >= SHORTEST)
            .filter(ticket -> ticket.body().length() <= LONGEST)
            .toList();
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // A number in front keeps documents that come round again from being the same text.
      documents.add("Ticket " + (i + 1) + "\n\n" + tickets.get(i % tickets.size()).body());
    }
    return List.copyOf(documents);
  }

  private static String resource(String file) {
    try (InputStream in = Workload.class.getResourceAsStream(FOLDER + file)) {
      return new String(
          Objects.requireNonNull(in, FOLDER + file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
