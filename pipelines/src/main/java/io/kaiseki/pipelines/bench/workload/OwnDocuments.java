package io.kaiseki.pipelines.bench.workload;

import io.kaiseki.pipelines.backfill.archive.Archive;
import io.kaiseki.pipelines.backfill.archive.Entry;
import io.kaiseki.pipelines.backfill.archive.EntryReader;
import io.kaiseki.pipelines.backfill.archive.ReadOptions;
import io.kaiseki.pipelines.demo.SampleTicket;
import io.kaiseki.pipelines.demo.SampleTickets;
import io.kaiseki.pipelines.job.DocumentText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Documents that an analysis of one's own is measured with, as the model is given their text. */
public final class OwnDocuments {

  private static final DocumentText TEXT = new DocumentText(OptionalInt.empty());

  private OwnDocuments() {}

  /** The tickets that ship, the hostile ones among them. */
  public static List<String> samples() {
    return SampleTickets.load().all().stream()
        .map(SampleTicket::body)
        .map(String::strip)
        .filter(body -> !body.isEmpty())
        .toList();
  }

  /**
   * The first texts of an archive, read as a backfill reads them; what can't be read, or has no
   * text, is passed over.
   *
   * @param most how many are enough
   */
  public static List<String> read(Archive archive, int most) throws IOException {
    List<String> texts = new ArrayList<>();
    archive.forEach(
        file -> {
          if (texts.size() < most) {
            try (EntryReader reader = file.open(ReadOptions.USUAL)) {
              read(reader, texts, most);
            }
          }
        });
    return texts;
  }

  private static void read(EntryReader reader, List<String> texts, int most) throws IOException {
    Optional<Entry> entry;
    while (texts.size() < most && (entry = reader.next()).isPresent()) {
      if (entry.get() instanceof Entry.Readable readable
          && TEXT.prepare(readable.document()) instanceof DocumentText.Text text) {
        texts.add(text.text());
      }
    }
  }
}
