package io.kaiseki.pipelines.backfill.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files of a test, and what is read from them. */
final class ArchiveFixture {

  private ArchiveFixture() {}

  static List<Entry> read(Path directory, String name, String content) throws IOException {
    return read(directory, name, content.getBytes(StandardCharsets.UTF_8), ReadOptions.USUAL);
  }

  static List<Entry> read(Path directory, String name, byte[] content, ReadOptions options)
      throws IOException {
    Path path = Files.write(directory.resolve(name), content);
    ArchiveFile file = new ArchiveFile(path, name, Format.ofName(name).orElseThrow());
    List<Entry> entries = new ArrayList<>();
    try (EntryReader reader = file.open(options)) {
      for (Optional<Entry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        entries.add(entry.get());
      }
    }
    return entries;
  }

  static io.kaiseki.schemas.Document document(Entry entry) {
    if (entry instanceof Entry.Readable readable) {
      return readable.document();
    }
    throw new AssertionError("unreadable: " + ((Entry.Unreadable) entry).message());
  }

  static Entry.Unreadable unreadable(Entry entry) {
    return (Entry.Unreadable) entry;
  }
}
