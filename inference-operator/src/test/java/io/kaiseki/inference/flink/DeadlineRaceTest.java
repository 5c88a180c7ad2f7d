package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.api.functions.async.CollectionSupplier;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.junit.jupiter.api.Test;

/** Answers, faults, further attempts and timeouts of the same documents at the same moment. */
class DeadlineRaceTest {

  private static final int DOCUMENTS = 100_000;
  private static final int ROUND = 500;
  private static final Duration DEADLINE = Duration.ofMillis(100);

  private enum End {
    ANSWERED,
    FAULT,
    DEADLINE
  }

  @Test
  void each_of_100_000_documents_comes_out_once_when_calls_end_around_the_deadline()
      throws Exception {
    Map<End, Integer> ends = new EnumMap<>(End.class);
    for (int round = 0; round < DOCUMENTS / ROUND; round++) {
      for (Inferred<String, Outcome> inferred : race(round)) {
        ends.merge(endOf(inferred.outcome()), 1, Integer::sum);
      }
    }

    assertThat(ends.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(DOCUMENTS);
    // Otherwise nothing raced.
    assertThat(ends).containsOnlyKeys(End.values());
  }

  @Test
  void flink_is_told_once_also_where_it_would_ignore_being_told_twice() throws Exception {
    for (int round = 0; round < 100; round++) {
      var results = IntStream.range(0, ROUND).mapToObj(i -> new CountingResult()).toList();
      try (var engine = ScriptedEngine.running(DeadlineRaceTest::endFurtherAttempts)) {
        var hold = engine.source().acquire();
        var session =
            new InferenceSession<>(
                inference(engine).options(),
                hold,
                new InferenceMetrics(new UnregisteredMetricsGroup(), "race", hold),
                Clock.systemUTC(),
                "race");
        results.forEach(result -> session.start("document", result));
        var start = new CyclicBarrier(2);
        Thread ender = endFirstAttempts(engine, round, start);
        start.await();
        results.forEach(session::expire);
        ender.join();
        awaitEndOfCalls(engine);
        // A call ends before whoever waits for it is told, and closing gives up who is not.
        await().until(() -> results.stream().allMatch(result -> result.completions.get() > 0));
        session.close();
      }
      assertThat(results).extracting(result -> result.completions.get()).containsOnly(1);
    }
  }

  private static List<Inferred<String, Outcome>> race(int round) throws Exception {
    try (var engine = ScriptedEngine.running(DeadlineRaceTest::endFurtherAttempts);
        var harness = InferenceHarness.open(inference(engine), Types.STRING)) {
      List<String> documents = IntStream.range(0, ROUND).mapToObj(i -> round + "/" + i).toList();
      for (String document : documents) {
        harness.process(document);
      }
      harness.advance(DEADLINE.minusMillis(1));
      var start = new CyclicBarrier(2);
      Thread ender = endFirstAttempts(engine, round, start);
      start.await();
      harness.runMails();
      harness.advance(Duration.ofMillis(1));
      harness.runMails();
      harness.advance(Duration.ofMillis(1));
      ender.join();
      awaitEndOfCalls(engine);
      var output = harness.awaitOutput(ROUND);
      assertThat(output).extracting(Inferred::input).containsExactlyInAnyOrderElementsOf(documents);
      return output;
    }
  }

  private static AsyncInference<String> inference(ScriptedEngine engine) {
    return AsyncInference.<String>builder()
        .analysis(Completions.ANALYSIS)
        .engine(engine.source())
        .documentId(document -> document)
        .text(document -> document)
        .capacity(ROUND)
        .deadline(DEADLINE)
        .grace(Duration.ZERO)
        .retries(2, Duration.ZERO)
        .build();
  }

  /**
   * Every other round from the last document to the first, against the order of the timers, so that
   * both meet in the middle; in the rounds between, one chases the other.
   */
  private static Thread endFirstAttempts(ScriptedEngine engine, int round, CyclicBarrier start) {
    List<ScriptedEngine.Call> calls = new ArrayList<>(engine.calls());
    if (round % 2 == 0) {
      Collections.reverse(calls);
    }
    Thread ender =
        new Thread(
            () -> {
              try {
                start.await();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
              for (int i = 0; i < calls.size(); i++) {
                end(calls.get(i), i);
              }
            });
    ender.start();
    return ender;
  }

  /** On the engine's thread, as soon as they come. */
  private static void endFurtherAttempts(ScriptedEngine.Call call, int index) {
    if (index >= ROUND) {
      end(call, index);
    }
  }

  private static void awaitEndOfCalls(ScriptedEngine engine) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> engine.open().isEmpty());
  }

  private static void end(ScriptedEngine.Call call, int i) {
    if (i % 2 == 0) {
      call.answer();
    } else {
      call.fail(FailureReason.ENGINE_FAULT);
    }
  }

  private static End endOf(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return failed.reason() == FailureReason.DEADLINE ? End.DEADLINE : End.FAULT;
    }
    return End.ANSWERED;
  }

  private static final class CountingResult implements ResultFuture<Inferred<String, Outcome>> {

    private final AtomicInteger completions = new AtomicInteger();

    @Override
    public void complete(Collection<Inferred<String, Outcome>> result) {
      completions.incrementAndGet();
    }

    @Override
    public void completeExceptionally(Throwable error) {
      completions.incrementAndGet();
    }

    @Override
    public void complete(CollectionSupplier<Inferred<String, Outcome>> supplier) {
      completions.incrementAndGet();
    }
  }
}
