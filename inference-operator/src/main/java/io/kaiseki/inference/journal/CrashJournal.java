package io.kaiseki.inference.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, across processes, which documents were in native code when a process died.
 *
 * <p>A directory belongs to one model and native library and is shared by all processes that use
 * them:
 *
 * <ul>
 *   <li>{@code *.inflight}: what is in native code now, one file for each living engine;
 *   <li>{@code suspects}: what was there when a process died, and has not passed alone since;
 *   <li>{@code quarantined}: what was there alone when a process died.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
final class CrashJournal {

  private static final Logger LOG = LoggerFactory.getLogger(CrashJournal.class);

  /** A process can't wait for a file lock that it holds itself, so its threads wait here. */
  private static final Object PROCESS = new Object();

  private final Path directory;
  private final FingerprintList suspectsFile;
  private final FingerprintList quarantinedFile;
  private final InFlightFile own;
  private final Set<Fingerprint> suspects = ConcurrentHashMap.newKeySet();
  private final Set<Fingerprint> quarantined = ConcurrentHashMap.newKeySet();
  private final Set<Fingerprint> acquitted = ConcurrentHashMap.newKeySet();

  private CrashJournal(Path directory, InFlightFile own) {
    this.directory = directory;
    this.own = own;
    suspectsFile = new FingerprintList(directory.resolve("suspects"));
    quarantinedFile = new FingerprintList(directory.resolve("quarantined"));
  }

  /** What a document is taken for. */
  enum Standing {
    /** Nothing is held against it. */
    CLEAR,
    /** A process died while it was in native code with others. */
    SUSPECT,
    /** A process died while it was in native code alone. */
    QUARANTINED
  }

  /** Opens a journal and takes over what dead processes have left. */
  static CrashJournal open(Path directory) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      // Fingerprints of texts that can be guessed are nobody else's business.
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(directory);
    }
    CrashJournal journal =
        new CrashJournal(directory, locked(directory, () -> InFlightFile.create(directory)));
    try {
      journal.review();
      return journal;
    } catch (IOException | RuntimeException e) {
      journal.own.close();
      throw e;
    }
  }

  /** Takes over what processes have left that died since, and what others know of them. */
  void review() throws IOException {
    locked(directory, this::takeOverAll);
  }

  private Set<Fingerprint> takeOverAll() throws IOException {
    Set<Fingerprint> suspected = suspectsFile.read();
    Set<Fingerprint> condemned = quarantinedFile.read();
    for (Path path : inFlightFiles()) {
      List<InFlightFile.Entry> entries = InFlightFile.takeDead(path);
      if (!entries.isEmpty()) {
        takeOver(path, entries, suspected, condemned);
      }
    }
    suspected.removeAll(acquitted);
    suspects.addAll(suspected);
    suspects.removeAll(condemned);
    quarantined.addAll(condemned);
    return suspected;
  }

  private void takeOver(
      Path path,
      List<InFlightFile.Entry> entries,
      Set<Fingerprint> suspected,
      Set<Fingerprint> condemned)
      throws IOException {
    for (InFlightFile.Entry entry : entries) {
      (entry.alone() ? condemned : suspected).add(entry.fingerprint());
      acquitted.remove(entry.fingerprint());
    }
    suspected.removeAll(condemned);
    quarantinedFile.write(condemned);
    suspectsFile.write(suspected);
    // Last: a death before this only makes the next process read it once more.
    Files.delete(path);
    LOG.warn(
        "event=crash-found documents={} alone={} journal={}: a process died while these were in"
            + " native code; those that were not alone are run one by one now",
        entries.size(),
        entries.stream().filter(InFlightFile.Entry::alone).count(),
        directory);
  }

  private List<Path> inFlightFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(InFlightFile.SUFFIX)).sorted().toList();
    }
  }

  Standing standing(Fingerprint fingerprint) {
    if (quarantined.contains(fingerprint)) {
      return Standing.QUARANTINED;
    }
    return suspects.contains(fingerprint) ? Standing.SUSPECT : Standing.CLEAR;
  }

  /**
   * An entry for a document.
   *
   * @param alone whether nothing else is in native code while it is
   */
  JournalEntry entry(Fingerprint fingerprint, boolean alone) {
    return new WrittenEntry(own, new InFlightFile.Entry(fingerprint, alone));
  }

  /** The file that keeps documents in quarantine. */
  Path quarantinedFile() {
    return quarantinedFile.path();
  }

  /**
   * A suspect has passed alone. That is written down only when the engine ends in order: after a
   * crash, a document whose outcome was not committed comes again, and should be alone again.
   */
  void acquit(Fingerprint fingerprint) {
    if (suspects.remove(fingerprint)) {
      acquitted.add(fingerprint);
    }
  }

  /** Ends in order: what is in native code now is no suspect. Calls after the first do nothing. */
  void close() throws IOException {
    own.close();
    if (!acquitted.isEmpty()) {
      locked(directory, this::strikeAcquitted);
    }
  }

  private Set<Fingerprint> strikeAcquitted() throws IOException {
    Set<Fingerprint> suspected = suspectsFile.read();
    if (suspected.removeAll(acquitted)) {
      suspectsFile.write(suspected);
    }
    acquitted.clear();
    return suspected;
  }

  private static <R> R locked(Path directory, LockedWork<R> work) throws IOException {
    synchronized (PROCESS) {
      try (FileChannel channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        // Ends with the channel.
        channel.lock();
        return work.done();
      }
    }
  }

  private interface LockedWork<R> {
    R done() throws IOException;
  }
}
