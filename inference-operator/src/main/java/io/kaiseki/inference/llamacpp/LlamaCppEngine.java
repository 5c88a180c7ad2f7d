package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentMeter;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TimeLeft;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.journal.CrashGuard;
import io.kaiseki.inference.journal.JournalEntry;
import io.kaiseki.inference.telemetry.DocumentFault;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a GGUF model in this process.
 *
 * <p>One thread owns all native memory: it loads the model, runs every step, and frees everything
 * when the engine ends. Callers turn their documents into tokens on their own threads and hand the
 * tokens over; they never touch native memory that changes.
 */
public final class LlamaCppEngine {

  private static final Logger LOG = LoggerFactory.getLogger(LlamaCppEngine.class);

  /** How long a close waits for the step that runs: a large prompt on a slow machine. */
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(30);

  private final LlamaCppSettings settings;
  private final Thread owner;
  private final Loading loading;
  private final Queue<PendingRequest> inbox = new ConcurrentLinkedQueue<>();
  private final EngineCounters counters = new EngineCounters();
  private final SharedAnswers answers;

  /** Held for reading by those who submit: they use the vocabulary, which ends with the model. */
  private final ReadWriteLock gate = new ReentrantReadWriteLock();

  private volatile boolean closing;

  /** Why it takes no more requests, once that is so. */
  private volatile String end = "the engine was closed";

  private volatile CrashGuard guard = CrashGuard.none();

  private LlamaCppEngine(LlamaCppSettings settings) {
    this.settings = settings;
    loading = new Loading(settings.modelFile());
    answers = new SharedAnswers(settings.answerCache(), counters);
    owner = new Thread(this::own, "kaiseki-engine");
    owner.setDaemon(true);
    // The engine outlives the job that starts it, and must not keep that job's classes.
    owner.setContextClassLoader(LlamaCppEngine.class.getClassLoader());
  }

  /**
   * Where to get the engine for these settings. Every JVM has one engine for equal settings, shared
   * by all who hold it.
   */
  public static EngineSource source(LlamaCppSettings settings) {
    return () -> EngineRegistry.ofProcess().acquire(settings);
  }

  /**
   * Whether the build of llama.cpp that these settings mean knows the model's family. Loads
   * nothing; of a library that is given by its path it says nothing.
   *
   * @param model the settings' model file
   * @return what is wrong and what to do; empty if the build knows it
   */
  public static Optional<String> unsupported(LlamaCppSettings settings, ModelFile model) {
    return LibraryChoice.unsupported(settings.library(), model.hyperparameters().architecture());
  }

  /** Begins an engine, and {@linkplain #awaitStart waits} for its start. */
  static LlamaCppEngine start(LlamaCppSettings settings) {
    LlamaCppEngine engine = begin(settings);
    engine.awaitStart();
    return engine;
  }

  /** Starts the engine's thread, which loads the model. */
  static LlamaCppEngine begin(LlamaCppSettings settings) {
    LlamaCppEngine engine = new LlamaCppEngine(settings);
    engine.owner.start();
    return engine;
  }

  /**
   * Waits until the model is loaded. That goes on if the caller is interrupted.
   *
   * @throws EngineUnavailableException if the model or the library can't be used
   * @throws IllegalStateException if the engine is closed meanwhile, or the caller interrupted
   */
  void awaitStart() {
    loading.await();
  }

  CompletableFuture<Outcome> submit(CompletionRequest request) {
    return guard.submit(request, entry -> submit(request, entry));
  }

  private CompletableFuture<Outcome> submit(CompletionRequest request, JournalEntry entry) {
    long now = System.nanoTime();
    long deadline = now + TimeLeft.until(request.deadline()).toNanos();
    Waiter waiter = new Waiter(request, now, deadline, new CompletableFuture<>(), entry);
    Optional<Runnable> refusal;
    gate.readLock().lock();
    try {
      requireOpen();
      refusal = answers.board(waiter).flatMap(this::start);
    } finally {
      gate.readLock().unlock();
    }
    // Outside the gate, since others may hear of it too, and do whatever they like.
    refusal.ifPresent(Runnable::run);
    return waiter.future();
  }

  DocumentMeter meter(Analysis analysis) {
    DocumentMeter meter = whileOpen(() -> loading.model().meter(analysis));
    return new DocumentMeter() {
      @Override
      public int room() {
        return meter.room();
      }

      @Override
      public int sharedRoom() {
        return meter.sharedRoom();
      }

      @Override
      public int tokens(String text) {
        return whileOpen(() -> meter.tokens(text));
      }
    };
  }

  /** Why no document of an analysis can ever run, and what to do; empty if one can. */
  Optional<String> unsupported(Analysis analysis) {
    return whileOpen(() -> loading.model().unsupported(analysis));
  }

  /** Uses the vocabulary, which ends with the model. */
  private <R> R whileOpen(Supplier<R> use) {
    gate.readLock().lock();
    try {
      requireOpen();
      return use.get();
    } finally {
      gate.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closing) {
      throw new IllegalStateException(end);
    }
  }

  /** Hands a flight to the engine's thread, or says how to end it where it can't run. */
  private Optional<Runnable> start(Flight flight) {
    Optional<Outcome.Failed> refused;
    try {
      refused = loading.model().prepare(flight, this::hand);
    } catch (RuntimeException e) {
      DocumentFault.log(LOG, "document-fault", flight.first().request().id(), e);
      refused = Optional.of(notPrepared(e));
    } catch (Error e) {
      // Its caller is told by the error itself; those who have joined must not wait for ever.
      answers.fail(flight, notPrepared(e), () -> {});
      throw e;
    }
    return refused.map(failed -> () -> refuse(flight, failed));
  }

  /** The exception's own message may quote the document. */
  private static Outcome.Failed notPrepared(Throwable e) {
    return new Outcome.Failed(
        FailureReason.ENGINE_FAULT,
        "the engine failed with "
            + e.getClass().getName()
            + " when it was given the document, and its log has more");
  }

  private void refuse(Flight flight, Outcome.Failed failed) {
    LOG.info(
        "event=document-refused document={} reason={} message={}",
        flight.first().request().id(),
        failed.reason(),
        failed.message());
    answers.fail(flight, failed, () -> {});
  }

  /** Takes a prepared request to the engine's thread. */
  void hand(PendingRequest pending) {
    inbox.add(pending);
    LockSupport.unpark(owner);
  }

  /** Whether its model is still being loaded. */
  boolean isStarting() {
    return !loading.isOver();
  }

  /** Whether it takes no more requests, because it was closed or its thread failed. */
  boolean ended() {
    return closing;
  }

  /** Looks for processes that died with documents in this model. */
  void reviewCrashes() {
    guard.review();
  }

  EngineDescription description() {
    return loading.model().description();
  }

  EngineStatistics statistics() {
    return counters.published();
  }

  /** Begins to close the engine, also while it starts, and waits for nothing. */
  void end() {
    // First: a process that is killed because its end takes long accuses no document.
    guard.close();
    closing = true;
    LockSupport.unpark(owner);
  }

  /**
   * Fails what runs, frees native memory, and returns once that is done or the bound is reached.
   */
  void close() {
    end();
    try {
      owner.join(CLOSE_BOUND.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (owner.isAlive()) {
      LOG.warn(
          "event=engine-close-late model={} bound={} its memory is freed when its step ends",
          settings.modelFile(),
          CLOSE_BOUND);
    }
  }

  private void own() {
    try (LoadedModel model =
        LoadedModel.load(settings, counters, answers, (done, total) -> goOnLoading())) {
      guard = CrashGuard.open(journalKey(model.description()));
      loading.ended(model);
      run(model.scheduler());
    } catch (Throwable e) {
      // Before those who wait for the start hear of it: who asks next gets another engine.
      closing = true;
      if (!loading.failed(e)) {
        LOG.error("event=engine-ended model={}", settings.modelFile(), e);
      }
    }
  }

  private void goOnLoading() {
    if (closing) {
      throw new CancellationException(end);
    }
  }

  private void run(Scheduler scheduler) {
    try {
      serve(scheduler);
    } catch (Throwable e) {
      end = "the engine's thread ended by " + e.getClass().getName() + ", and its log has more";
      throw e;
    } finally {
      guard.close();
      awaitSubmitters();
      drainInto(scheduler);
      scheduler.failAll(FailureReason.CANCELLED, end);
      publish(scheduler);
    }
  }

  /** Another model, or another build of llama.cpp, may take what crashed this one. */
  private static String journalKey(EngineDescription description) {
    return description.modelSha256().substring(0, 16) + "-" + description.build();
  }

  /** Lets nobody in any more and waits for those who are inside {@link #submit}. */
  private void awaitSubmitters() {
    closing = true;
    gate.writeLock().lock();
    gate.writeLock().unlock();
  }

  private void serve(Scheduler scheduler) {
    while (!closing) {
      drainInto(scheduler);
      if (scheduler.idle()) {
        publish(scheduler);
        LockSupport.park(this);
        // Someone's dependent may have interrupted its thread, which is ours; park would not wait.
        Thread.interrupted();
      } else {
        step(scheduler);
        publish(scheduler);
      }
    }
  }

  private void step(Scheduler scheduler) {
    try {
      scheduler.step();
    } catch (NativeFaultException e) {
      LOG.error("event=engine-fault model={}", settings.modelFile(), e);
      scheduler.fault(e.getMessage());
    } catch (RuntimeException e) {
      // What one document sets off must not end the engine. The message may quote the document.
      LOG.error("event=engine-fault model={}", settings.modelFile(), DocumentFault.of(e));
      LOG.debug("event=engine-fault model={}", settings.modelFile(), e);
      scheduler.fault(
          "the engine failed with "
              + e.getClass().getName()
              + " in a step that the document was part of, and its log has more");
    }
  }

  private void drainInto(Scheduler scheduler) {
    for (PendingRequest pending; (pending = inbox.poll()) != null; ) {
      scheduler.enqueue(pending);
    }
  }

  private void publish(Scheduler scheduler) {
    counters.publish(scheduler.slotsBusy(), scheduler.queued());
  }
}
