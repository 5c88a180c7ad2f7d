package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.backfill.BackfillSource;
import io.kaiseki.pipelines.backfill.TopicBounds;
import io.kaiseki.pipelines.backfill.archive.Archive;
import io.kaiseki.pipelines.backfill.archive.Columns;
import io.kaiseki.pipelines.backfill.archive.Format;
import io.kaiseki.pipelines.backfill.archive.ReadOptions;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.ValueForm;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a backfill goes through. */
final class BackfillSourceOptions {

  private static final String TOPIC_PREFIX = "topic:";

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      description =
          "A file or folder of .jsonl, .csv, .txt, .md, .html, .eml and .pdf, or topic:NAME. Files"
              + " and folders may be given several times.")
  List<String> from = new ArrayList<>();

  @Option(
      names = "--from-offset",
      paramLabel = "N",
      description = "Of a topic: the first offset of each partition; without it, its beginning.")
  @Nullable Long fromOffset;

  @Option(
      names = "--to-offset",
      paramLabel = "N",
      description = "Of a topic: the offset after the last; without it, its end as of now.")
  @Nullable Long toOffset;

  @Option(
      names = "--from-time",
      paramLabel = "TIME",
      description = "Of a topic: records from then on, such as 2026-01-31T08:00:00Z.")
  @Nullable String fromTime;

  @Option(
      names = "--to-time",
      paramLabel = "TIME",
      description = "Of a topic: records before then.")
  @Nullable String toTime;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "Format of all files, whatever their names: jsonl, csv, text, markdown, html,"
              + " eml or pdf.")
  @Nullable String format;

  @Option(
      names = "--charset",
      paramLabel = "NAME",
      defaultValue = "UTF-8",
      description =
          "Encoding of text, Markdown, CSV and JSONL files; default ${DEFAULT-VALUE}. What is not"
              + " in it becomes a dead letter.")
  String charset;

  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description = "Column of the id; default id, and without that the file's name and the row.")
  @Nullable String id;

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description =
          "Column of the text, or a JSON pointer such as /fields/body; default text, body, content"
              + " or message.")
  @Nullable String text;

  @Option(
      names = "--title",
      paramLabel = "COLUMN",
      description = "Column of the title; default title or subject.")
  @Nullable String title;

  @Option(
      names = "--language",
      paramLabel = "COLUMN",
      description = "Column of the language; default language or lang.")
  @Nullable String language;

  @Option(
      names = "--received",
      paramLabel = "COLUMN",
      description =
          "Column of the time of receipt; default receivedAt, received_at, received, date or"
              + " timestamp, and without that the file's own time.")
  @Nullable String received;

  @SuppressWarnings("NullAway.Init")
  BackfillSourceOptions() {}

  /** The topic that is read, if one is. */
  Optional<String> topic() {
    return from.size() == 1 && from.get(0).startsWith(TOPIC_PREFIX)
        ? Optional.of(from.get(0).substring(TOPIC_PREFIX.length()))
        : Optional.empty();
  }

  /**
   * The source.
   *
   * @return empty, and problems noted, if the options do not fit together
   */
  Optional<BackfillSource> read(Collection<ConfigurationProblem> problems) {
    List<ConfigurationProblem> own = new ArrayList<>();
    BackfillSource source = topic().isPresent() ? topic(topic().get(), own) : files(own);
    problems.addAll(own);
    return own.isEmpty() ? Optional.of(source) : Optional.empty();
  }

  private BackfillSource topic(String name, List<ConfigurationProblem> problems) {
    if (ValueForm.topic().read(name).isEmpty()) {
      problems.add(problem("--from", from.get(0), "expected " + ValueForm.topic().expected()));
    }
    refuse(
        problems,
        "is for files, and --from is a topic; remove it",
        Stream.of(
            option("--format", format),
            option("--id", id),
            option("--text", text),
            option("--title", title),
            option("--language", language),
            option("--received", received)));
    if (fromOffset != null && fromTime != null) {
      problems.add(problem("--from-time", fromTime, "given besides --from-offset; keep one"));
    }
    if (toOffset != null && toTime != null) {
      problems.add(problem("--to-time", toTime, "given besides --to-offset; keep one"));
    }
    notNegative("--from-offset", fromOffset, problems);
    notNegative("--to-offset", toOffset, problems);
    TopicBounds bounds =
        new TopicBounds(
            fromOffset,
            toOffset,
            time("--from-time", fromTime, problems),
            time("--to-time", toTime, problems));
    checkOrder(bounds, problems);
    return new BackfillSource.Topic(name, bounds);
  }

  /**
   * Two bounds of one kind must have something between them, or the run would come to its end at
   * once and look as if all was done.
   */
  private void checkOrder(TopicBounds bounds, List<ConfigurationProblem> problems) {
    Long firstOffset = bounds.fromOffset();
    Long endOffset = bounds.toOffset();
    if (firstOffset != null && endOffset != null && firstOffset >= endOffset) {
      problems.add(notBefore("--from-offset", firstOffset, "--to-offset", endOffset));
    }
    Instant start = bounds.fromTime();
    Instant end = bounds.toTime();
    // Compared as moments, and told as they were given.
    if (fromTime != null
        && toTime != null
        && start != null
        && end != null
        && !start.isBefore(end)) {
      problems.add(notBefore("--from-time", fromTime, "--to-time", toTime));
    }
  }

  private static ConfigurationProblem notBefore(
      String fromOption, Object from, String toOption, Object to) {
    return problem(
        fromOption,
        from,
        "is not before %s = %s, so nothing lies between; swap them or change one"
            .formatted(toOption, to));
  }

  private BackfillSource files(List<ConfigurationProblem> problems) {
    if (from.isEmpty()) {
      problems.add(problem("--from", "", "missing; name a file, a folder or topic:NAME"));
    }
    // Most likely a variable of the shell that is not set. As a path it would be the current
    // directory.
    from.stream()
        .filter(String::isBlank)
        .forEach(
            one ->
                problems.add(problem("--from", "", "empty; name a file, a folder or topic:NAME")));
    from.stream()
        .filter(one -> one.startsWith(TOPIC_PREFIX))
        .forEach(
            one -> problems.add(problem("--from", one, "a topic goes alone; remove the others")));
    refuse(
        problems,
        "is for topics, and --from is none; remove it",
        Stream.of(
            option("--from-offset", fromOffset),
            option("--to-offset", toOffset),
            option("--from-time", fromTime),
            option("--to-time", toTime)));
    Optional<Format> known = format == null ? Optional.empty() : Format.named(format);
    if (format != null && known.isEmpty()) {
      problems.add(problem("--format", format, "expected one of " + Format.words()));
    }
    checkCharset(problems);
    List<Path> paths =
        from.stream()
            .filter(one -> !one.isBlank() && !one.startsWith(TOPIC_PREFIX))
            .map(Path::of)
            .toList();
    new Archive(paths, known.orElse(null)).check(problems);
    return new BackfillSource.Files(
        paths,
        known.orElse(null),
        new ReadOptions(new Columns(id, text, title, language, received), charset));
  }

  private void checkCharset(List<ConfigurationProblem> problems) {
    try {
      if (!ReadOptions.separatesRows(Charset.forName(charset))) {
        problems.add(
            problem(
                "--charset",
                charset,
                "rows can't be told apart in it; convert the files to UTF-8 (text files in UTF-16"
                    + " that begin with a byte order mark need no option)"));
      }
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      problems.add(problem("--charset", charset, "no such encoding; expected UTF-8, ISO-8859-1 …"));
    }
  }

  private static @Nullable Instant time(
      String option, @Nullable String value, List<ConfigurationProblem> problems) {
    if (value == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeException e) {
      problems.add(problem(option, value, "expected a time such as 2026-01-31T08:00:00Z"));
      return null;
    }
  }

  private static void notNegative(
      String option, @Nullable Long value, List<ConfigurationProblem> problems) {
    if (value != null && value < 0) {
      problems.add(problem(option, value, "expected a whole number from 0 on"));
    }
  }

  private record Given(String option, @Nullable Object value) {}

  private static Given option(String option, @Nullable Object value) {
    return new Given(option, value);
  }

  private static void refuse(
      List<ConfigurationProblem> problems, String remedy, Stream<Given> options) {
    options
        .filter(given -> given.value() != null)
        .forEach(
            given ->
                problems.add(
                    problem(given.option(), Objects.requireNonNull(given.value()), remedy)));
  }

  private static ConfigurationProblem problem(String option, Object value, String remedy) {
    return new ConfigurationProblem(option, value.toString(), remedy);
  }
}
