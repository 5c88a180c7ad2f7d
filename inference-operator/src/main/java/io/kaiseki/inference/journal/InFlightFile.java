package io.kaiseki.inference.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fingerprints that one engine of one process has in native code, in a file that stays when the
 * process dies. A lock on the file tells the living from the dead.
 *
 * <p>Each fingerprint is one line of fixed length at a place of its own, written and blanked in
 * place. What has been written survives every death of the process, since the kernel holds it; it
 * need not survive the machine, so nothing is forced to disk. Writing by {@link RandomAccessFile}
 * rather than through a mapping turns a full disk into an exception, not a signal, and rather than
 * through a channel, because a task's thread that is interrupted would close that.
 */
final class InFlightFile {

  static final String SUFFIX = ".inflight";

  /** Far more than slots and submitters; what comes on top is not noted. */
  static final int MOST_ENTRIES = 1024;

  private static final char ALONE = 'a';
  private static final char SHARED = 's';
  private static final int LINE_BYTES = 1 + 1 + Fingerprint.LENGTH + 1;
  private static final byte[] BLANK =
      (" ".repeat(LINE_BYTES - 1) + "\n").getBytes(StandardCharsets.US_ASCII);

  /**
   * Files of living engines in this process. Opening one of them once more would end its lock: a
   * POSIX process loses its locks on a file with the first descriptor that it closes.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final RandomAccessFile file;
  private final BitSet used = new BitSet();
  private boolean closed;

  private InFlightFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /** A document that was in native code when its process died, and whether it was the only one. */
  record Entry(Fingerprint fingerprint, boolean alone) {}

  /** Makes the file. The caller holds the journal's lock, or others might take it for dead. */
  static InFlightFile create(Path directory) throws IOException {
    Path path = directory.resolve(UUID.randomUUID() + SUFFIX);
    OWN.add(path);
    InFlightFile created = null;
    try {
      created = new InFlightFile(path, new RandomAccessFile(path.toFile(), "rw"));
      if (created.file.getChannel().tryLock() == null) {
        throw new IOException(path + " can't be locked");
      }
      return created;
    } catch (IOException | RuntimeException e) {
      OWN.remove(path);
      if (created != null) {
        created.close();
      }
      throw e;
    }
  }

  /**
   * What a process has left that is dead. The file of a process that died with nothing in native
   * code is deleted; another is the caller's to delete once its entries are safe.
   *
   * @return empty if the process lives, or had nothing in native code
   */
  static List<Entry> takeDead(Path path) throws IOException {
    if (OWN.contains(path)) {
      return List.of();
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      if (file.getChannel().tryLock() == null) {
        return List.of();
      }
      byte[] bytes = new byte[(int) Math.min(file.length(), (long) MOST_ENTRIES * LINE_BYTES)];
      file.readFully(bytes);
      List<Entry> entries = entries(new String(bytes, StandardCharsets.ISO_8859_1));
      if (entries.isEmpty()) {
        Files.deleteIfExists(path);
      }
      return entries;
    }
  }

  private static List<Entry> entries(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String line : text.split("\n")) {
      // A place that was never written reads as zeros.
      if (line.length() == LINE_BYTES - 1
          && (line.charAt(0) == ALONE || line.charAt(0) == SHARED)) {
        String hex = line.substring(2);
        if (Fingerprint.valid(hex)) {
          entries.add(new Entry(new Fingerprint(hex), line.charAt(0) == ALONE));
        }
      }
    }
    return entries;
  }

  Path path() {
    return path;
  }

  /**
   * Notes a document.
   *
   * @return its place, or -1 if there is none left
   */
  synchronized int add(Entry entry) throws IOException {
    int place = used.nextClearBit(0);
    if (closed || place >= MOST_ENTRIES) {
      return -1;
    }
    String line = (entry.alone() ? ALONE : SHARED) + " " + entry.fingerprint().hex() + "\n";
    write(place, line.getBytes(StandardCharsets.US_ASCII));
    used.set(place);
    return place;
  }

  synchronized void remove(int place) throws IOException {
    if (!closed) {
      write(place, BLANK);
      used.clear(place);
    }
  }

  private void write(int place, byte[] line) throws IOException {
    file.seek((long) place * LINE_BYTES);
    file.write(line);
  }

  /** Ends the file: whatever it holds is no suspect. */
  synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        Files.deleteIfExists(path);
      } finally {
        file.close();
        OWN.remove(path);
      }
    }
  }
}
