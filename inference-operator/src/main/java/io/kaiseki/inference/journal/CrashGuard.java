package io.kaiseki.inference.journal;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before an engine that runs native code, and keeps a document that crashes the process from
 * crashing it for ever. Documents that were in native code when a process died are suspects: the
 * next process runs each of them alone. Whoever is alone when the process dies again is not given
 * to the engine any more, but fails as {@link FailureReason#POISON}. That costs two crashes.
 *
 * <p>The journal is a directory on this machine, so it finds what crashed here. It can't tell a
 * crash from a process that was killed from outside with SIGKILL: such a kill makes suspects too,
 * and one that comes while a suspect is alone puts it into quarantine. An orderly end, also by
 * SIGTERM, accuses nobody.
 *
 * <p>Safe for use by several threads.
 */
public final class CrashGuard implements AutoCloseable {

  /** System property that names the directory of all journals. */
  public static final String DIRECTORY_PROPERTY = "kaiseki.journal";

  private static final Logger LOG = LoggerFactory.getLogger(CrashGuard.class);

  private final @Nullable CrashJournal journal;
  private final IsolationGate gate;

  CrashGuard(@Nullable CrashJournal journal, IsolationGate gate) {
    this.journal = journal;
    this.gate = gate;
  }

  /** A guard that lets everything pass. */
  public static CrashGuard none() {
    return new CrashGuard(null, IsolationGate.PROCESS);
  }

  /**
   * A guard with the journal of an engine. Where the journal can't be kept, that is logged as a
   * warning, and the guard lets everything pass.
   *
   * @param key name of what may crash: the model, and the native library that runs it; it becomes
   *     the name of a directory
   */
  public static CrashGuard open(String key) {
    Path directory = directory().resolve(key.replaceAll("[^A-Za-z0-9._-]", "_"));
    try {
      return new CrashGuard(CrashJournal.open(directory), IsolationGate.PROCESS);
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "event=crash-journal-off directory={}: a document that crashes the process will not be"
              + " found and may crash it again and again; name a writable directory by"
              + " -D{}=DIRECTORY",
          directory,
          DIRECTORY_PROPERTY,
          e);
      return none();
    }
  }

  /** The directory of all journals: {@value #DIRECTORY_PROPERTY}, or one below the user's home. */
  static Path directory() {
    String configured = System.getProperty(DIRECTORY_PROPERTY, "");
    Path directory =
        configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state", "kaiseki", "journal")
            : Path.of(configured);
    return directory.toAbsolutePath();
  }

  /**
   * Gives a request to the engine, now or when it may run.
   *
   * @param engine submits it; takes the entry by which the engine says when the document is in
   *     native code
   * @return the engine's future, or one that ends in the same way
   */
  public CompletableFuture<Outcome> submit(
      CompletionRequest request, Function<JournalEntry, CompletableFuture<Outcome>> engine) {
    if (journal == null) {
      return gate.pass(false, request.deadline(), () -> engine.apply(JournalEntry.NONE));
    }
    Fingerprint fingerprint = Fingerprint.of(request);
    return switch (journal.standing(fingerprint)) {
      case CLEAR -> {
        JournalEntry entry = journal.entry(fingerprint, false);
        yield gate.pass(false, request.deadline(), () -> engine.apply(entry));
      }
      case SUSPECT -> {
        LOG.info(
            "event=document-alone document={} fingerprint={}", request.id(), fingerprint.hex());
        yield gate.pass(true, request.deadline(), () -> examined(journal, fingerprint, engine));
      }
      case QUARANTINED -> {
        LOG.warn(
            "event=document-quarantined document={} fingerprint={}",
            request.id(),
            fingerprint.hex());
        yield CompletableFuture.completedFuture(poison(journal, fingerprint));
      }
    };
  }

  private static CompletableFuture<Outcome> examined(
      CrashJournal journal,
      Fingerprint fingerprint,
      Function<JournalEntry, CompletableFuture<Outcome>> engine) {
    CompletableFuture<Outcome> examined = engine.apply(journal.entry(fingerprint, true));
    examined.thenAccept(
        outcome -> {
          if (!(outcome instanceof Outcome.Failed failed) || ranToItsEnd(failed.reason())) {
            journal.acquit(fingerprint);
          }
        });
    return examined;
  }

  /** A document that waited too long, or was cancelled, may never have been in native code. */
  private static boolean ranToItsEnd(FailureReason reason) {
    return reason != FailureReason.DEADLINE && reason != FailureReason.CANCELLED;
  }

  private static Outcome poison(CrashJournal journal, Fingerprint fingerprint) {
    return new Outcome.Failed(
        FailureReason.POISON,
        "the process died twice while the model worked on this document, the second time with"
            + " nothing beside it, so it is not given to this model any more; see whether another"
            + " build of llama.cpp (model.library) or another model takes it. To let it be tried"
            + " again, as after a kill -9 from outside, delete the line "
            + fingerprint.hex()
            + " from "
            + journal.quarantinedFile()
            + " and restart the process");
  }

  /** Looks for processes that have died since. Called whenever a job takes hold of the engine. */
  public void review() {
    if (journal != null) {
      try {
        journal.review();
      } catch (IOException | RuntimeException e) {
        LOG.warn("event=crash-journal-unreadable directory={}", directory(), e);
      }
    }
  }

  /** Ends the journal in order: nothing that is still in native code is accused. */
  @Override
  public void close() {
    if (journal != null) {
      try {
        journal.close();
      } catch (IOException | RuntimeException e) {
        LOG.warn("event=crash-journal-not-closed directory={}", directory(), e);
      }
    }
  }
}
