package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.policy.PolicyEngine;
import io.kaiseki.pipelines.bench.arm.ArmFailedException;
import io.kaiseki.pipelines.bench.arm.EngineArm;
import io.kaiseki.pipelines.bench.arm.EngineCall;
import io.kaiseki.pipelines.bench.arm.PassProgress;
import io.kaiseki.pipelines.bench.report.Ending;
import io.kaiseki.pipelines.bench.report.MixedReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * Live documents over a saturating backfill, in one engine. Each round has three phases: the
 * backfill alone, which tells what the machine manages; live documents alone, at a share of that
 * rate; the same arrivals over the backfill. So both ways to be live see the same machine.
 */
public final class MixedBench {

  private static final String BACKFILL = "backfill alone";
  private static final String LIVE = "live alone";
  private static final String BOTH = "live over backfill";

  private final MixedPlan plan;
  private final BenchListener listener;
  private final BooleanSupplier stopRequested;
  private final IntFunction<InferenceEngine> engines;
  private final Map<Integer, MixedReport.Measurement> measured = new TreeMap<>();
  private final Timetable timetable;

  /**
   * @param stopRequested whether it shall end early; asked from several threads, often
   */
  public MixedBench(MixedPlan plan, BenchListener listener, BooleanSupplier stopRequested) {
    this(
        plan,
        listener,
        stopRequested,
        slots ->
            PolicyEngine.around(
                LlamaCppEngine.source(EngineArm.withSlots(plan.settings(), slots)).acquire()));
  }

  /**
   * @param engines starts an engine with a number of slots
   */
  MixedBench(
      MixedPlan plan,
      BenchListener listener,
      BooleanSupplier stopRequested,
      IntFunction<InferenceEngine> engines) {
    this.plan = plan;
    this.listener = listener;
    this.stopRequested = stopRequested;
    this.engines = engines;
    List<String> steps = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      for (int slots : plan.slots()) {
        List.of(BACKFILL, LIVE, BOTH).forEach(phase -> steps.add(step(phase, slots)));
      }
    }
    timetable = new Timetable(steps);
  }

  /**
   * Runs all of it, once. A stop or a failure keeps whole rounds only.
   *
   * @throws EngineUnavailableException if the model can't be run, and no round was whole
   * @throws ArmFailedException if a document failed before the first round was whole
   * @throws CancellationException if it was stopped before the first round was whole
   */
  public MixedReport run() {
    Ending ending =
        new Rounds(listener, stopRequested)
            .run(plan.rounds(), this::round, () -> !measured.isEmpty());
    return new MixedReport(
        plan.settings(),
        plan.workload(),
        plan.liveShare(),
        plan.arrivals().word(),
        measured,
        ending);
  }

  /** Counts when it was run with every number of slots. */
  private void round(int round) {
    Map<Integer, MixedReport.Measurement> whole = new TreeMap<>();
    plan.slots().forEach(slots -> whole.put(slots, phases(round, slots)));
    whole.forEach(
        (slots, one) ->
            measured.computeIfAbsent(slots, key -> MixedReport.Measurement.empty()).add(one));
  }

  private MixedReport.Measurement phases(int round, int slots) {
    int count = plan.workload().documents().size();
    try (InferenceEngine engine = engines.apply(slots)) {
      EngineCall.submit(
              engine, plan.workload().analysis(), "warm-up", plan.workload().warmUp(), Lane.LIVE)
          .await(progress(1));
      double capacity = phase(round, slots, BACKFILL, () -> capacity(engine, round, count));
      List<Duration> arrivals = plan.arrivals().times(count, plan.liveShare() * capacity, round);
      LiveDocuments live = new LiveDocuments(engine, plan.workload(), arrivals);
      Histogram alone = MixedReport.histogram();
      phase(round, slots, LIVE, () -> live(live, "alone-" + round, alone, count));
      Histogram over = MixedReport.histogram();
      double beside = phase(round, slots, BOTH, () -> beside(engine, live, round, over, count));
      return new MixedReport.Measurement(alone, over, List.of(capacity), List.of(beside));
    }
  }

  /** Documents a second of the backfill alone. */
  private double capacity(InferenceEngine engine, int round, int count) {
    PassProgress progress = progress(count);
    try (Backfill backfill = new Backfill(engine, plan.workload(), "idle-" + round)) {
      backfill.await(1, progress);
      long before = backfill.answered();
      long start = System.nanoTime();
      backfill.await(before + count, progress);
      return (backfill.answered() - before) / seconds(start);
    }
  }

  private double live(LiveDocuments live, String name, Histogram latencies, int count) {
    long start = System.nanoTime();
    live.run(name, latencies, progress(count));
    return count / seconds(start);
  }

  /** Documents a second of the backfill while live ones come. */
  private double beside(
      InferenceEngine engine, LiveDocuments live, int round, Histogram latencies, int count) {
    try (Backfill backfill = new Backfill(engine, plan.workload(), "beside-" + round)) {
      backfill.await(1, progress(1));
      long before = backfill.answered();
      long start = System.nanoTime();
      live.run("over-" + round, latencies, progress(count));
      double rate = (backfill.answered() - before) / seconds(start);
      backfill.check();
      return rate;
    }
  }

  private double phase(int round, int slots, String name, DoubleSupplier work) {
    if (stopRequested.getAsBoolean()) {
      throw new CancellationException("stopped between two phases");
    }
    String step = step(name, slots);
    listener.begins(round, plan.rounds(), step, timetable.left());
    long start = System.nanoTime();
    double rate = work.getAsDouble();
    timetable.took(step, Duration.ofNanos(System.nanoTime() - start));
    listener.passed(rate);
    return rate;
  }

  private PassProgress progress(long total) {
    return new PassProgress(stopRequested, done -> listener.documents(done, total));
  }

  private static String step(String phase, int slots) {
    return phase + ", " + (slots == 1 ? "1 slot" : slots + " slots");
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
