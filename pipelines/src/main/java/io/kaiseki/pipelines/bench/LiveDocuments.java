package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.pipelines.bench.arm.EngineCall;
import io.kaiseki.pipelines.bench.arm.PassProgress;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Sends live documents when they are due, whether or not earlier ones are answered. */
record LiveDocuments(InferenceEngine engine, Workload workload, List<Duration> arrivals) {

  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * Sends all of them and waits for their answers.
   *
   * @param name sets these documents apart from those of other phases
   * @param latencies takes the time from when a document was due to its answer, in microseconds
   */
  void run(String name, Histogram latencies, PassProgress progress) {
    List<Future<Long>> answered = new ArrayList<>();
    List<EngineCall> calls = new ArrayList<>();
    long start = System.nanoTime();
    try {
      for (int i = 0; i < arrivals.size(); i++) {
        awaitTime(start + arrivals.get(i).toNanos(), progress);
        EngineCall call = submit(name + "-" + i, i);
        answered.add(call.future().thenApply(outcome -> System.nanoTime()));
        calls.add(call.counted(progress));
      }
      for (EngineCall call : calls) {
        call.await(progress);
      }
      for (int i = 0; i < arrivals.size(); i++) {
        // From when it was due, so that a late sender does not make the engine look fast.
        long nanos = progress.await(answered.get(i)) - start - arrivals.get(i).toNanos();
        latencies.recordValue(Math.max(1, TimeUnit.NANOSECONDS.toMicros(nanos)));
      }
    } finally {
      calls.forEach(EngineCall::cancel);
    }
  }

  private EngineCall submit(String id, int document) {
    String body = workload.documents().get(document % workload.documents().size());
    return EngineCall.submit(
        engine, workload.analysis(), id, "Live " + id + "\n\n" + body, Lane.LIVE);
  }

  private static void awaitTime(long due, PassProgress progress) {
    for (long left; (left = due - System.nanoTime()) > 0; ) {
      progress.check();
      LockSupport.parkNanos(Math.min(left, LONGEST_PAUSE));
    }
  }
}
