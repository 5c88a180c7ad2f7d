package io.kaiseki.pipelines.bench.workload;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.demo.SampleTicket;
import io.kaiseki.pipelines.demo.SampleTickets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What is measured: an analysis and documents of one kind.
 *
 * @param name the word for it on the command line
 * @param analysis what is asked of every document
 * @param warmUp a document that is none of the others, to bring weights and prefix into place
 * @param documents texts, in the order in which they are sent
 */
public record Workload(String name, Analysis analysis, String warmUp, List<String> documents) {

  /** The workload of live documents over a backfill; see {@code MixedBench}. */
  public static final String MIXED = "mixed";

  /** The workload of the pipeline without a model; see {@code OverheadBench}. */
  public static final String OVERHEAD = "overhead";

  private static final String FOLDER = "/bench/triage/";

  /** Lengths of documents in characters: 150 to 200 tokens in the mean, by the vocabulary. */
  private static final int SHORTEST = 240;

  private static final int LONGEST = 900;

  /** The same beside long instructions: some 100 tokens. */
  private static final int SHORTEST_BESIDE_LONG_PREFIX = 120;

  private static final int LONGEST_BESIDE_LONG_PREFIX = 330;

  /**
   * Characters of the long instructions. With the fields, they are 2,000 tokens in the vocabulary
   * of made-up models, which knows fewer words than that of real ones.
   */
  private static final int LONG_PREFIX_CHARACTERS = 4_400;

  private static final int REASONING_BUDGET = 256;

  public Workload {
    documents = List.copyOf(documents);
  }

  /** The same analysis with its answers written in a layout. */
  public Analysis analysis(AnswerLayout layout) {
    return analysis(Contract.of(analysis.contract().schema(), layout));
  }

  /** The same analysis under a contract of the same schema. */
  public Analysis analysis(Contract contract) {
    return new Analysis(
        analysis.name(),
        analysis.version(),
        analysis.instructions(),
        contract,
        analysis.reasoning(),
        analysis.longDocuments(),
        analysis.masking());
  }

  /** The names of all workloads. */
  public static List<String> names() {
    return List.of("triage", "long-prefix", "reasoning", MIXED, OVERHEAD);
  }

  /**
   * A workload of {@code count} documents; empty if there is none of that name.
   *
   * <ul>
   *   <li>{@code triage}: short instructions, tickets of some paragraphs, six fields;
   *   <li>{@code long-prefix}: the same fields behind instructions with many examples, and shorter
   *       tickets;
   *   <li>{@code reasoning}: {@code triage} with up to 256 tokens of reasoning for each ticket;
   *   <li>{@code mixed}: {@code triage}, for live documents over a backfill;
   *   <li>{@code overhead}: {@code triage}, for the pipeline without a model.
   * </ul>
   */
  public static Optional<Workload> named(String name, int count) {
    String instructions = resource("instructions.md").strip();
    return Optional.ofNullable(
        switch (name) {
          case "triage", MIXED, OVERHEAD ->
              of(name, instructions, ReasoningPolicy.OFF, documents(count + 1, SHORTEST, LONGEST));
          case "long-prefix" ->
              of(
                  name,
                  withExamples(instructions),
                  ReasoningPolicy.OFF,
                  documents(count + 1, SHORTEST_BESIDE_LONG_PREFIX, LONGEST_BESIDE_LONG_PREFIX));
          case "reasoning" ->
              of(
                  name,
                  instructions,
                  new ReasoningPolicy.Always(REASONING_BUDGET),
                  documents(count + 1, SHORTEST, LONGEST));
          default -> null;
        });
  }

  /**
   * An analysis of one's own over documents of one's own.
   *
   * @param texts at least one; the last warms up, and where it is the only one, is measured as well
   */
  public static Workload own(Analysis analysis, List<String> texts) {
    int last = texts.size() - 1;
    return new Workload(
        analysis.name(), analysis, texts.get(last), last == 0 ? texts : texts.subList(0, last));
  }

  /**
   * The same with at least so many documents: where there are fewer, they come round again, with a
   * number in front that keeps them from being the same text.
   */
  public Workload atLeast(int count) {
    List<String> more = new ArrayList<>(documents);
    for (int i = documents.size(); i < count; i++) {
      more.add((i + 1) + "\n\n" + documents.get(i % documents.size()));
    }
    return new Workload(name, analysis, warmUp, more);
  }

  /** Numbers of slots that a workload is measured with where none are asked for. */
  public static List<Integer> defaultSlots(String name) {
    return switch (name) {
      case "long-prefix" -> List.of(16);
      case MIXED -> List.of(8);
      default -> List.of(1, 4, 8);
    };
  }

  /** Documents of a pass where no number is asked for. */
  public static int defaultDocuments(String name) {
    return name.equals(OVERHEAD) ? 50_000 : 16;
  }

  /** The longest document, in characters. */
  public String longest() {
    return documents.stream()
        .reduce(warmUp, (one, other) -> other.length() > one.length() ? other : one);
  }

  /** The document of median length, in characters; warming up does not count. */
  public String typical() {
    return documents.stream()
        .sorted(Comparator.comparingInt(String::length))
        .skip(documents.size() / 2)
        .findFirst()
        .orElse(warmUp);
  }

  /** The last document warms up. */
  private static Workload of(
      String name, String instructions, ReasoningPolicy reasoning, List<String> documents) {
    Contract contract = Contract.of(new Schema.Parser().parse(resource("result.avsc")));
    Analysis analysis = new Analysis("bench-" + name, "1", instructions, contract, reasoning);
    int count = documents.size() - 1;
    return new Workload(name, analysis, documents.get(count), documents.subList(0, count));
  }

  private static List<String> documents(int count, int shortest, int longest) {
    List<String> bodies =
        tickets().stream()
            .map(ticket -> ticket.body().strip())
            .filter(body -> body.length() >= shortest && body.length() <= longest)
            .toList();
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // A number in front keeps documents that come round again from being the same text.
      documents.add("Ticket " + (i + 1) + "\n\n" + bodies.get(i % bodies.size()));
    }
    return documents;
  }

  /** Instructions with tickets of the past, as desks write them that show what they mean. */
  private static String withExamples(String instructions) {
    StringBuilder text =
        new StringBuilder(instructions)
            .append("\n\nTickets of the past, to know the tone of our customers:\n");
    for (SampleTicket ticket : tickets()) {
      String body = ticket.body().strip();
      if (body.length() <= LONGEST
          && !body.isEmpty()
          && text.length() + body.length() <= LONG_PREFIX_CHARACTERS) {
        text.append("\n---\n").append(body).append('\n');
      }
    }
    return text.toString();
  }

  private static List<SampleTicket> tickets() {
    return SampleTickets.load().all().stream()
        .filter(ticket -> ticket.trait() != SampleTicket.Trait.HOSTILE)
        // One language, so that the vocabulary of a model, made up or real, decides less.
        .filter(ticket -> ticket.language().equals("en"))
        .toList();
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
