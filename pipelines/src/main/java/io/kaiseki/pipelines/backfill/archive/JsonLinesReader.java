package io.kaiseki.pipelines.backfill.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object on each line; empty lines are no rows, but count as lines. */
final class JsonLinesReader implements EntryReader {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final ArchiveFile file;
  private final Charset charset;
  private final RowMapping mapping;
  private final ByteLines lines;
  private long row;

  JsonLinesReader(ArchiveFile file, ReadOptions options) throws IOException {
    this.file = file;
    this.charset = options.encoding();
    this.mapping = new RowMapping(file, options.columns(), file.modified());
    this.lines = new ByteLines(file.path());
  }

  @Override
  public Optional<Entry> next() throws IOException {
    ByteLines.Line line = lines.next();
    row++;
    while (line != null && line.isBlank()) {
      line = lines.next();
      row++;
    }
    return line == null ? Optional.empty() : Optional.of(entry(line.bytes()));
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private Entry entry(byte @Nullable [] bytes) {
    try {
      if (bytes == null) {
        throw new UnreadableException("is longer than " + ByteLines.LONGEST + " bytes");
      }
      JsonNode object = parse(StrictText.decode(bytes, lines.charset(charset)));
      return new Entry.Readable(mapping.document(name -> value(object, name), row), row);
    } catch (UnreadableException e) {
      return new Entry.Unreadable(file.rowId(row), row, bytes, "line " + row + " " + e.text());
    }
  }

  private static JsonNode parse(String line) throws UnreadableException {
    try {
      JsonNode node = JSON.readTree(line);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      // Its message may quote the line.
      throw new UnreadableException(
          "is no JSON"
              + (e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr()));
    }
    throw new UnreadableException("is no JSON object");
  }

  private static @Nullable String value(JsonNode object, String name) {
    JsonNode found = name.startsWith("/") ? object.at(name) : object.path(name);
    return found.isValueNode() && !found.isNull() ? found.asText() : null;
  }
}
