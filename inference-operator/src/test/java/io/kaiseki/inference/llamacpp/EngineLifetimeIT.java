package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.Requests.answered;
import static io.kaiseki.inference.llamacpp.Requests.failed;
import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.llamacpp.EngineRegistry.Entry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Engines come and go with those who hold them, and leave nothing behind. */
class EngineLifetimeIT {

  private static final String KEEP_ALIVE = "kaiseki.engine.keepAliveSeconds";
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final long IDLE_NANOS = 100_000_000;

  private static final Schema LABEL =
      Requests.schema(
          """
          {"type": "record", "name": "Label", "fields": [
            {"name": "urgent", "type": "boolean"},
            {"name": "note", "type": "string", "maxLength": 20}
          ]}
          """);

  private final Analysis analysis = Requests.analysis("label", LABEL, ReasoningPolicy.OFF);
  private final Set<Thread> before = engineThreads();

  @BeforeEach
  void free_engines_at_once() {
    System.setProperty(KEEP_ALIVE, "0");
  }

  @AfterEach
  void keep_them_again() {
    System.clearProperty(KEEP_ALIVE);
    await().atMost(SOON).until(() -> ownThreads().isEmpty());
  }

  @Test
  void engines_that_are_opened_and_closed_twenty_times_leave_no_thread_and_no_memory()
      throws Exception {
    ProcessMemory.require();
    long after = 0;
    for (int i = 0; i < 20; i++) {
      try (InferenceEngine engine = acquire(Requests.settings(2, 4_096 + 32 * i))) {
        answered(engine.submit(request(analysis, "d" + i, "A document.")));
      }
      await().atMost(SOON).until(() -> ownThreads().isEmpty());
      if (i == 9) {
        after = ProcessMemory.allocatedMebibytes();
      }
    }
    assertThat(ProcessMemory.allocatedMebibytes() - after).isLessThan(16);
  }

  @Test
  void a_close_while_documents_are_tokenized_touches_no_freed_vocabulary() throws Exception {
    String text = "Straße und Öl, order 4711! ".repeat(800);
    ExecutorService submitters = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 6; round++) {
        LlamaCppEngine engine = LlamaCppEngine.start(Requests.settings(1, 30_000));
        List<Future<?>> loops = new ArrayList<>();
        AtomicBoolean submitted = new AtomicBoolean();
        for (int i = 0; i < 4; i++) {
          loops.add(submitters.submit(() -> submitUntilClosed(engine, text, submitted)));
        }
        await().atMost(SOON).until(submitted::get);
        engine.close();
        for (Future<?> loop : loops) {
          loop.get();
        }
      }
    } finally {
      submitters.shutdownNow();
    }
  }

  @Test
  void a_closed_engine_cancels_what_runs_and_waits_and_takes_no_more() throws Exception {
    LlamaCppEngine engine = LlamaCppEngine.start(Requests.settings(1, 8_192));
    Analysis endless = Requests.analysis("endless", LABEL, new ReasoningPolicy.Always(4_000));
    CompletableFuture<Outcome> runs = engine.submit(request(endless, "runs", "A document."));
    CompletableFuture<Outcome> waits = engine.submit(request(endless, "waits", "Another."));

    engine.close();

    assertThat(failed(runs).reason()).isEqualTo(FailureReason.CANCELLED);
    assertThat(failed(waits).reason()).isEqualTo(FailureReason.CANCELLED);
    assertThat(engine.statistics().slotsBusy()).isZero();
    assertThatThrownBy(() -> engine.submit(request(endless, "late", "Too late.")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void requests_of_an_engine_whose_thread_has_failed_are_told_by_what() throws Exception {
    LlamaCppEngine engine = LlamaCppEngine.start(Requests.settings(1, 8_224));
    Analysis endless = Requests.analysis("endless", LABEL, new ReasoningPolicy.Always(4_000));
    CompletableFuture<Outcome> runs = engine.submit(request(endless, "runs", "A document."));

    engine.hand(new PendingRequest(null, null, null, null, null, 0));

    assertThat(failed(runs).reason()).isEqualTo(FailureReason.CANCELLED);
    assertThat(failed(runs).message()).contains("ended by java.lang.NullPointerException", "log");
    assertThatThrownBy(() -> engine.submit(request(endless, "late", "Too late.")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended by java.lang.NullPointerException");
    assertThat(engine.ended()).isTrue();
    engine.close();
  }

  @Test
  void an_engine_that_has_ended_is_replaced_for_those_who_come_next() throws Exception {
    LlamaCppSettings settings = Requests.settings(1, 4_160);
    Entry entry = new Entry();
    LlamaCppEngine ended = entry.engine(settings);
    ended.close();

    LlamaCppEngine next = entry.engine(settings);

    assertThat(next).isNotSameAs(ended);
    answered(next.submit(request(analysis, "next", "A document.")));
    entry.close();
  }

  @Test
  void a_hold_that_is_taken_while_the_engine_ends_gets_a_working_one_and_never_two_models()
      throws Exception {
    LlamaCppSettings settings = Requests.settings(1, 4_192);
    ExecutorService holders = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> mostEngines = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        mostEngines.add(holders.submit(() -> holdAgainAndAgain(settings)));
      }
      for (Future<Integer> most : mostEngines) {
        assertThat(most.get()).isEqualTo(1);
      }
    } finally {
      holders.shutdownNow();
    }
  }

  @Test
  void an_engine_does_not_keep_the_class_loader_of_the_job_that_started_it() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    try (URLClassLoader job = new URLClassLoader(new URL[0], own)) {
      thread.setContextClassLoader(job);
      try (InferenceEngine engine = acquire(Requests.settings(1, 4_224))) {
        assertThat(ownThreads()).extracting(Thread::getContextClassLoader).doesNotContain(job);
        assertThat(engine.description().slots()).isEqualTo(1);
      }
    } finally {
      thread.setContextClassLoader(own);
    }
  }

  @Test
  void an_interrupt_from_a_dependent_does_not_keep_the_idle_engine_busy() throws Exception {
    try (InferenceEngine engine = acquire(Requests.settings(1, 4_256))) {
      engine
          .submit(request(analysis, "d", "A document."))
          .thenRun(() -> Thread.currentThread().interrupt())
          .get();

      Thread owner = ownThreads().iterator().next();
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long before = threads.getThreadCpuTime(owner.getId());
      await()
          .pollDelay(Duration.ofSeconds(1))
          .until(() -> threads.getThreadCpuTime(owner.getId()) - before < IDLE_NANOS);
    }
  }

  private void submitUntilClosed(LlamaCppEngine engine, String text, AtomicBoolean submitted) {
    List<CompletableFuture<Outcome>> futures = new ArrayList<>();
    try {
      while (true) {
        futures.add(engine.submit(request(analysis, "d", text)));
        submitted.set(true);
      }
    } catch (IllegalStateException closed) {
      assertThat(futures).allSatisfy(future -> assertThat(Requests.outcome(future)).isNotNull());
    }
  }

  private int holdAgainAndAgain(LlamaCppSettings settings) throws Exception {
    int most = 0;
    for (int i = 0; i < 15; i++) {
      try (InferenceEngine engine = acquire(settings)) {
        answered(engine.submit(request(analysis, "d" + i, "A document.")));
        most = Math.max(most, ownThreads().size());
      }
    }
    return most;
  }

  private static InferenceEngine acquire(LlamaCppSettings settings) {
    return LlamaCppEngine.source(settings).acquire();
  }

  private Set<Thread> ownThreads() {
    Set<Thread> threads = engineThreads();
    threads.removeAll(before);
    return threads;
  }

  private static Set<Thread> engineThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().equals("kaiseki-engine"));
    return threads;
  }
}
