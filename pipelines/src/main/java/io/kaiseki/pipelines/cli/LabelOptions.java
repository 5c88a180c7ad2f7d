package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.eval.feedback.LabelFile;
import io.kaiseki.pipelines.eval.labels.LabelReader;
import io.kaiseki.pipelines.eval.labels.LabelRequest;
import io.kaiseki.pipelines.eval.labels.Labels;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where labelled documents are. */
final class LabelOptions {

  private static final String DEFAULT_TEXT = "text";
  private static final long DEFAULT_SEED = 1;

  @Option(
      names = LabelReader.FILE_OPTION,
      paramLabel = "FILE",
      description =
          "Labelled documents: CSV with a header, or JSON Lines if it ends in .jsonl or .ndjson. What"
              + " a line of JSON leaves out is not labelled.")
  @Nullable Path file;

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description = "Column of the text; default " + DEFAULT_TEXT + ".")
  @Nullable String text;

  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description = "Column of the document's id; default its line in the file.")
  @Nullable String id;

  @Option(names = "--title", paramLabel = "COLUMN", description = "Column of the title.")
  @Nullable String title;

  @Option(
      names = "--label",
      paramLabel = "FIELD=COLUMN",
      description =
          "Column with the true values of a field; may be repeated. Default: the columns that are"
              + " called like a field, but none of --text, --id and --title.")
  Map<String, String> columns = new LinkedHashMap<>();

  @Option(
      names = "--out-of-scope",
      paramLabel = "VALUE",
      description =
          "In the column of a closed field, the word for documents that no label fits; default"
              + " none.")
  @Nullable String outOfScope;

  @Option(
      names = "--unlabelled",
      paramLabel = "VALUE",
      description =
          "In the columns of labels, the word for a field that nobody has labelled; default none.")
  @Nullable String unlabelled;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Take a sample in which every label of the first closed field has its share.")
  @Nullable Integer limit;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "With --limit: decides which documents the sample has; default " + DEFAULT_SEED + ".")
  @Nullable Long seed;

  @SuppressWarnings("NullAway.Init")
  LabelOptions() {}

  /**
   * Notes options that are out of range, or that have no effect.
   *
   * @param fromFeedback whether the labels come from the desk, in a file that is known
   */
  void check(boolean fromFeedback, OptionProblems problems) {
    if (limit == null) {
      problems.checkAbsent(
          "--seed", seed, "has no effect without --limit; add that or remove this");
    } else {
      problems.checkAtLeast("--limit", limit, 1);
    }
    if (fromFeedback) {
      String remedy = "has no effect with --from-feedback; leave it out";
      problems.checkAbsent("--text", text, remedy);
      problems.checkAbsent("--id", id, remedy);
      problems.checkAbsent("--title", title, remedy);
      problems.checkAbsent("--unlabelled", unlabelled, remedy);
    }
  }

  /** The labels; empty, and problems noted, where anything is wrong with them. */
  Optional<Labels> read(Contract contract, Collection<ConfigurationProblem> problems) {
    if (file == null) {
      problems.add(
          new ConfigurationProblem(
              LabelReader.FILE_OPTION, "", "missing; name a file, or give --from-feedback"));
      return Optional.empty();
    }
    return read(
        file,
        text == null ? DEFAULT_TEXT : text,
        Optional.ofNullable(id),
        Optional.ofNullable(title),
        Optional.ofNullable(unlabelled),
        false,
        contract,
        problems);
  }

  /** The labels that the desk has given; as {@link #read}. */
  Optional<Labels> readFeedback(
      Path written, Contract contract, Collection<ConfigurationProblem> problems) {
    LabelFile.Columns names = LabelFile.Columns.of(contract);
    return read(
        written,
        names.text(),
        Optional.of(names.id()),
        Optional.of(names.title()),
        LabelFile.unlabelled(written),
        true,
        contract,
        problems);
  }

  private Optional<Labels> read(
      Path from,
      String text,
      Optional<String> id,
      Optional<String> title,
      Optional<String> unlabelled,
      boolean namedById,
      Contract contract,
      Collection<ConfigurationProblem> problems) {
    return new LabelReader(
            new LabelRequest(
                from,
                text,
                id,
                title,
                columns,
                Optional.ofNullable(outOfScope),
                unlabelled,
                limit == null ? OptionalInt.empty() : OptionalInt.of(Math.max(1, limit)),
                seed == null ? DEFAULT_SEED : seed,
                namedById),
            contract,
            problems)
        .read();
  }
}
