package io.kaiseki.pipelines.backfill.archive;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats that documents are read from. */
public enum Format {
  /** A JSON object on each line. */
  JSONL("jsonl", "ndjson"),
  /** A header and rows as in RFC 4180, separated by commas, semicolons or tabs. */
  CSV("csv", "tsv"),
  TEXT("txt", "text"),
  MARKDOWN("md", "markdown"),
  HTML("html", "htm", "xhtml"),
  /** Internet messages (RFC 5322) with MIME parts. */
  EML("eml"),
  PDF("pdf");

  private final List<String> extensions;

  Format(String... extensions) {
    this.extensions = List.of(extensions);
  }

  /** The format of a file by the end of its name, in either case; empty if it has none of these. */
  public static Optional<Format> ofName(String fileName) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return fileName.indexOf('.') < 0
        ? Optional.empty()
        : Arrays.stream(values()).filter(one -> one.extensions.contains(extension)).findFirst();
  }

  /** The format of this word. */
  public static Optional<Format> named(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  /** As it is written in options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a file holds a document in each row. */
  public boolean hasRows() {
    return this == JSONL || this == CSV;
  }

  /** All words, for messages. */
  public static String words() {
    return Arrays.stream(values()).map(Format::word).collect(Collectors.joining(", "));
  }

  EntryReader open(ArchiveFile file, ReadOptions options) throws IOException {
    return switch (this) {
      case JSONL -> new JsonLinesReader(file, options);
      case CSV -> new CsvReader(file, options);
      case TEXT -> new WholeFileReader(file, new PlainText("text", options.encoding()));
      case MARKDOWN -> new WholeFileReader(file, new PlainText("markdown", options.encoding()));
      case HTML -> new WholeFileReader(file, new HtmlText());
      case EML -> new WholeFileReader(file, new EmailText());
      case PDF -> new WholeFileReader(file, new PdfText());
    };
  }
}
