package io.kaiseki.inference.journal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An entry of the journal's own file. What can't be written is not worth a document. */
final class WrittenEntry implements JournalEntry {

  private static final Logger LOG = LoggerFactory.getLogger(WrittenEntry.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  private static final int OUTSIDE = -1;

  private final InFlightFile file;
  private final InFlightFile.Entry entry;
  private int place = OUTSIDE;

  WrittenEntry(InFlightFile file, InFlightFile.Entry entry) {
    this.file = file;
    this.entry = entry;
  }

  @Override
  public void enter() {
    if (place == OUTSIDE) {
      try {
        place = file.add(entry);
      } catch (IOException e) {
        warn(e);
      }
    }
  }

  @Override
  public void leave() {
    if (place != OUTSIDE) {
      try {
        file.remove(place);
      } catch (IOException e) {
        warn(e);
      }
      place = OUTSIDE;
    }
  }

  private void warn(IOException e) {
    if (WARNED.compareAndSet(false, true)) {
      LOG.warn(
          "event=crash-journal-incomplete file={}: a document that crashes the process may not be"
              + " found; this is said once",
          file.path(),
          e);
    }
  }
}
