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
      defaultValue = "text",
      description = "Column of the text; default ${DEFAULT-VALUE}.")
  String text;

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
      defaultValue = "1",
      description = "Decides which documents the sample has; default ${DEFAULT-VALUE}.")
  long seed;

  @SuppressWarnings("NullAway.Init")
  LabelOptions() {}

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
        text,
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
                seed,
                namedById),
            contract,
            problems)
        .read();
  }
}
