package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.arm.Arm;
import io.kaiseki.pipelines.bench.arm.ArmFailedException;
import io.kaiseki.pipelines.bench.arm.Pass;
import io.kaiseki.pipelines.bench.arm.PassProgress;
import io.kaiseki.pipelines.bench.arm.Sizing;
import io.kaiseki.pipelines.bench.report.ArmMeasurement;
import io.kaiseki.pipelines.bench.report.BenchReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a workload through several arms, round by round: each round measures the machine's own rates
 * and gives every arm one pass, so that a machine whose speed drifts treats all of them alike.
 * Every second round goes the other way round, for a drift within rounds, and the rates are
 * measured once more after the last.
 *
 * <p>An arm that fails is out; the others go on, and without the rates of a round as well. A stop
 * keeps what was measured until then.
 */
public final class Bench {

  private static final Logger LOG = LoggerFactory.getLogger(Bench.class);
  private static final String RATES = "the machine's own rates";

  private final BenchPlan plan;
  private final BenchListener listener;
  private final BooleanSupplier stopRequested;
  private final Map<Arm, List<Pass>> passes = new HashMap<>();
  private final Map<Arm, String> failures = new HashMap<>();

  /**
   * @param stopRequested whether it shall end early; asked from several threads, often
   */
  public Bench(BenchPlan plan, BenchListener listener, BooleanSupplier stopRequested) {
    this.plan = plan;
    this.listener = listener;
    this.stopRequested = stopRequested;
  }

  /**
   * Runs all of it, once; takes seconds to hours. When it returns, everything that it has started
   * is gone, processes too.
   *
   * @throws EngineUnavailableException if the model can't be run at all
   * @throws CancellationException if it was stopped before anything was measured
   */
  public BenchReport run() {
    Sizing sizing = Sizing.measure(plan.settings(), plan.workload(), stopRequested);
    listener.sized(sizing);
    MachineRates rates =
        new MachineRates(
            () -> ModelRates.measure(plan.settings(), sizing.lengths(), widths(), stopRequested),
            listener);
    boolean stopped = false;
    List<Arm> all;
    try (Arms arms = new Arms(plan, sizing)) {
      all = arms.all();
      try {
        rounds(all, rates);
      } catch (CancellationException e) {
        LOG.info("bench stopped: {}", e.getMessage());
        stopped = true;
      }
    }
    return new BenchReport(
        plan.settings(),
        plan.workload(),
        sizing,
        rates.measured(),
        rates.failure(),
        all.stream().map(this::measurement).toList(),
        plan.cold(),
        stopped);
  }

  private void rounds(List<Arm> all, MachineRates rates) {
    Timetable timetable = new Timetable(steps(all));
    for (int round = 1; round <= plan.rounds(); round++) {
      measure(rates, round, timetable);
      List<Arm> order = new ArrayList<>(all);
      if (round % 2 == 0) {
        Collections.reverse(order);
      }
      for (Arm arm : order) {
        if (!failures.containsKey(arm)) {
          pass(round, arm, timetable);
        }
      }
    }
    measure(rates, plan.rounds(), timetable);
  }

  private void measure(MachineRates rates, int round, Timetable timetable) {
    checkStop();
    listener.begins(round, plan.rounds(), RATES, timetable.left());
    long start = System.nanoTime();
    rates.measure();
    timetable.took(RATES, Duration.ofNanos(System.nanoTime() - start));
  }

  private void pass(int round, Arm arm, Timetable timetable) {
    checkStop();
    String step = name(arm);
    listener.begins(round, plan.rounds(), step, timetable.left());
    long start = System.nanoTime();
    int total = plan.workload().documents().size();
    PassProgress progress =
        new PassProgress(stopRequested, done -> listener.documents(done, total));
    try {
      Pass pass = arm.run(plan.workload(), progress);
      passes.computeIfAbsent(arm, key -> new ArrayList<>()).add(pass);
      timetable.took(step, Duration.ofNanos(System.nanoTime() - start));
      listener.passed(pass.rate());
    } catch (ArmFailedException | EngineUnavailableException | IllegalStateException e) {
      if (e instanceof CancellationException stop && stopRequested.getAsBoolean()) {
        throw stop;
      }
      // A Ctrl-C reaches child processes as well, so that they may fail before the stop is seen.
      checkStop();
      LOG.info("arm failed arm={} slots={}", arm.kind().word(), arm.slots(), e);
      failures.put(arm, String.valueOf(e.getMessage()));
      timetable.dropped(step);
      listener.failed(String.valueOf(e.getMessage()));
      arm.close();
    }
  }

  private void checkStop() {
    if (stopRequested.getAsBoolean()) {
      throw new CancellationException("stopped between two passes");
    }
  }

  private List<Integer> widths() {
    List<Integer> widths = new ArrayList<>(plan.slots());
    if (!widths.contains(1)) {
      widths.add(0, 1);
    }
    return widths;
  }

  private List<String> steps(List<Arm> all) {
    List<String> steps = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      steps.add(RATES);
      all.forEach(arm -> steps.add(name(arm)));
    }
    steps.add(RATES);
    return steps;
  }

  private static String name(Arm arm) {
    return arm.kind().word() + " with " + (arm.slots() == 1 ? "1 slot" : arm.slots() + " slots");
  }

  private ArmMeasurement measurement(Arm arm) {
    return new ArmMeasurement(
        arm.kind(),
        arm.slots(),
        passes.getOrDefault(arm, List.of()),
        Optional.ofNullable(failures.get(arm)));
  }
}
