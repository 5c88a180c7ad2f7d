package io.kaiseki.pipelines.backfill.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows under a header. What separates columns is seen in the header: of comma, semicolon and tab,
 * the one that it holds most of.
 *
 * <p>A value in quotation marks may go over several lines, so a quotation mark that is never closed
 * would swallow the rest of the file. Lines are therefore joined only where that gives a row with
 * as many values as the header; otherwise the first of them alone is unreadable, and reading goes
 * on with the next line. So it does where the lines are longer together than {@link
 * ByteLines#LONGEST}, with {@value #LINE_BYTES} bytes more for each.
 */
final class CsvReader implements EntryReader {

  private static final char[] SEPARATORS = {',', ';', '\t'};

  /** Memory that a line takes besides its bytes, while it may have to be read again. */
  private static final int LINE_BYTES = 40;

  private final ArchiveFile file;
  private final ReadOptions options;
  private final Charset charset;
  private final RowMapping mapping;
  private final ByteLines lines;
  private final ObjectReader rows;
  private final List<String> header;
  private final Map<String, Integer> index = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final @Nullable String headerProblem;
  private @Nullable Entry unreadableHeader;
  private long row;

  CsvReader(ArchiveFile file, ReadOptions options) throws IOException {
    this.file = file;
    this.options = options;
    this.mapping = new RowMapping(file, options.columns(), file.modified());
    this.lines = new ByteLines(file.path());
    ByteLines.Line first = nextLine();
    this.charset = lines.charset(options.encoding());
    byte[] bytes = first == null ? null : first.bytes();
    this.rows =
        rows(
            bytes == null
                ? SEPARATORS[0]
                : separator(new String(bytes, StandardCharsets.ISO_8859_1)));
    List<String> names = List.of();
    String problem = null;
    if (bytes != null) {
      try {
        names = parse(bytes);
      } catch (UnreadableException e) {
        problem = "the header " + e.text();
      }
    } else if (first != null) {
      problem = "the header is longer than " + ByteLines.LONGEST + " bytes";
    }
    this.header = names;
    this.headerProblem = problem;
    // It is told even where no row follows: where line ends are not seen, it holds all rows.
    this.unreadableHeader =
        problem == null ? null : new Entry.Unreadable(file.id(), 0, bytes, problem);
    for (int i = 0; i < names.size(); i++) {
      index.putIfAbsent(names.get(i).strip(), i);
    }
  }

  @Override
  public Optional<Entry> next() throws IOException {
    if (unreadableHeader != null) {
      Entry told = unreadableHeader;
      unreadableHeader = null;
      return Optional.of(told);
    }
    ByteLines.Line line = nextLine();
    if (line == null) {
      return Optional.empty();
    }
    row++;
    return Optional.of(line.bytes() == null ? tooLong() : entry(line.bytes()));
  }

  @Override
  public List<String> missingColumns() {
    return options.columns().named().stream().filter(name -> !index.containsKey(name)).toList();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private Entry entry(byte[] bytes) throws IOException {
    List<ByteLines.Line> following = new ArrayList<>();
    byte[] joined = join(bytes, following);
    try {
      return new Entry.Readable(mapping.document(values(parse(joined)), row), row);
    } catch (UnreadableException e) {
      // A row of the right shape is whole, whatever else is wrong with it.
      if (following.isEmpty() || hasShape(joined)) {
        return unreadable(joined, e);
      }
    }
    lines.pushBack(following);
    try {
      return new Entry.Readable(mapping.document(values(parse(bytes)), row), row);
    } catch (UnreadableException e) {
      return unreadable(bytes, e);
    }
  }

  /** The line, with those after it as long as a quotation mark stands open. */
  private byte[] join(byte[] first, List<ByteLines.Line> following) throws IOException {
    boolean open = oddQuotes(first);
    if (!open) {
      return first;
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream(2 * first.length);
    joined.writeBytes(first);
    while (open) {
      ByteLines.Line next = lines.next();
      if (next == null) {
        break;
      }
      if (next.bytes() == null
          || memory(joined, following) + next.bytes().length > ByteLines.LONGEST) {
        // It is no part of the row, and must not go with it where the row can be read without it.
        lines.pushBack(List.of(next));
        break;
      }
      following.add(next);
      joined.write('\n');
      joined.writeBytes(next.bytes());
      open ^= oddQuotes(next.bytes());
    }
    return joined.toByteArray();
  }

  private static long memory(ByteArrayOutputStream joined, List<ByteLines.Line> lines) {
    return joined.size() + (long) LINE_BYTES * lines.size();
  }

  /** Whether it is one row with all values, in whatever encoding: separators are ASCII in each. */
  private boolean hasShape(byte[] bytes) {
    try {
      values(parse(bytes, StandardCharsets.ISO_8859_1));
      return true;
    } catch (UnreadableException e) {
      return false;
    }
  }

  private Function<String, @Nullable String> values(List<String> row) throws UnreadableException {
    if (headerProblem != null) {
      throw new UnreadableException("stands under no header: " + headerProblem);
    }
    if (row.size() != header.size()) {
      throw new UnreadableException(
          "has " + row.size() + " values, but the header has " + header.size());
    }
    return name -> {
      Integer column = index.get(name);
      return column == null ? null : row.get(column);
    };
  }

  private List<String> parse(byte[] bytes) throws UnreadableException {
    return parse(bytes, charset);
  }

  private List<String> parse(byte[] bytes, Charset charset) throws UnreadableException {
    String text = StrictText.decode(bytes, charset);
    try {
      String[][] found =
          rows.readValue(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
      if (found.length == 1) {
        return List.of(found[0]);
      }
      if (found.length > 1 && text.indexOf('\n') < 0) {
        throw new UnreadableException(
            "holds carriage returns that end no line; let each line end with a line feed");
      }
    } catch (JsonProcessingException e) {
      // Falls through: its message may quote the row.
    }
    throw new UnreadableException("is no CSV: a quotation mark is not closed, or not doubled");
  }

  private Entry unreadable(byte[] bytes, UnreadableException e) {
    return new Entry.Unreadable(file.rowId(row), row, bytes, "row " + row + " " + e.text());
  }

  private Entry tooLong() {
    return new Entry.Unreadable(
        file.rowId(row),
        row,
        null,
        "row " + row + " has a line longer than " + ByteLines.LONGEST + " bytes");
  }

  /** The next line that is not blank; null at the end. */
  private ByteLines.@Nullable Line nextLine() throws IOException {
    ByteLines.Line line = lines.next();
    while (line != null && line.isBlank()) {
      line = lines.next();
    }
    return line;
  }

  private static ObjectReader rows(char separator) {
    return new CsvMapper()
        .readerFor(String[][].class)
        .with(CsvParser.Feature.WRAP_AS_ARRAY)
        .with(CsvSchema.emptySchema().withColumnSeparator(separator));
  }

  private static char separator(String header) {
    char best = SEPARATORS[0];
    for (char separator : SEPARATORS) {
      if (count(header, separator) > count(header, best)) {
        best = separator;
      }
    }
    return best;
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(one -> one == wanted).count();
  }

  private static boolean oddQuotes(byte[] bytes) {
    boolean odd = false;
    for (byte one : bytes) {
      odd ^= one == '"';
    }
    return odd;
  }
}
