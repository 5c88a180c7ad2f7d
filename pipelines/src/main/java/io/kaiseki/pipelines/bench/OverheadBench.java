package io.kaiseki.pipelines.bench;

import io.kaiseki.pipelines.bench.arm.ArmFailedException;
import io.kaiseki.pipelines.bench.arm.PassProgress;
import io.kaiseki.pipelines.bench.arm.PipelineServices;
import io.kaiseki.pipelines.bench.arm.Relay;
import io.kaiseki.pipelines.bench.arm.RelayPass;
import io.kaiseki.pipelines.bench.report.Ending;
import io.kaiseki.pipelines.bench.report.OverheadReport;
import io.kaiseki.pipelines.config.DeliverySettings.Guarantee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * What the pipeline costs where the model costs nothing: the whole job on an engine that answers at
 * once, taking turns with a plain loop of a Kafka consumer and a producer. Both run in this
 * process, beside the same broker; every second round goes the other way round.
 */
public final class OverheadBench {

  /** A way through Kafka under a guarantee. */
  private record Step(Relay.Kind kind, Guarantee guarantee) {

    String name() {
      return kind.word() + ", " + guarantee.word();
    }
  }

  /** Runs a pass. */
  @FunctionalInterface
  interface PassRunner {
    RelayPass.Measured run(RelayPass pass, Relay.Kind kind, Guarantee guarantee, String name);
  }

  private final OverheadPlan plan;
  private final BenchListener listener;
  private final BooleanSupplier stopRequested;
  private final PassRunner runner;
  private final PipelineServices services;
  private final List<OverheadReport.Measurement> measured = new ArrayList<>();

  /**
   * @param stopRequested whether it shall end early; asked from several threads, often
   */
  public OverheadBench(OverheadPlan plan, BenchListener listener, BooleanSupplier stopRequested) {
    this(plan, listener, stopRequested, RelayPass::run, new PipelineServices(plan.directory()));
  }

  /**
   * @param services what passes share; closed when all is run
   */
  OverheadBench(
      OverheadPlan plan,
      BenchListener listener,
      BooleanSupplier stopRequested,
      PassRunner runner,
      PipelineServices services) {
    this.plan = plan;
    this.listener = listener;
    this.stopRequested = stopRequested;
    this.runner = runner;
    this.services = services;
  }

  /**
   * Runs all of it, once. A stop or a failure keeps whole rounds only.
   *
   * @throws ArmFailedException if a document was lost or doubled, or something failed, before the
   *     first round was whole
   * @throws CancellationException if it was stopped before the first round was whole
   */
  public OverheadReport run() {
    Timetable timetable = new Timetable(steps());
    try {
      Ending ending =
          new Rounds(listener, stopRequested)
              .run(
                  plan.rounds(),
                  round -> measured.addAll(round(round, timetable)),
                  () -> !measured.isEmpty());
      return new OverheadReport(plan.workload(), plan.paced(), measured, ending);
    } finally {
      Arms.close(services);
    }
  }

  private List<OverheadReport.Measurement> round(int round, Timetable timetable) {
    List<OverheadReport.Measurement> whole = new ArrayList<>();
    List<Step> order = order();
    if (round % 2 == 0) {
      Collections.reverse(order);
    }
    int total = plan.workload().documents().size() + plan.paced();
    for (Step step : order) {
      listener.begins(round, plan.rounds(), step.name(), timetable.left());
      long start = System.nanoTime();
      PassProgress progress =
          new PassProgress(stopRequested, done -> listener.documents(done, total));
      progress.check();
      RelayPass.Measured pass =
          runner.run(
              new RelayPass(services, plan.workload(), plan.paced(), progress),
              step.kind(),
              step.guarantee(),
              "overhead-%s-%s-%d".formatted(step.kind().word(), step.guarantee().word(), round));
      timetable.took(step.name(), Duration.ofNanos(System.nanoTime() - start));
      listener.passed(pass.rate());
      whole.add(
          new OverheadReport.Measurement(
              step.kind(), step.guarantee(), pass.rate(), pass.latencies()));
    }
    return whole;
  }

  private List<String> steps() {
    List<String> steps = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      order().forEach(step -> steps.add(step.name()));
    }
    return steps;
  }

  private static List<Step> order() {
    List<Step> steps = new ArrayList<>();
    for (Guarantee guarantee : Guarantee.values()) {
      for (Relay.Kind kind : Relay.Kind.values()) {
        steps.add(new Step(kind, guarantee));
      }
    }
    return steps;
  }
}
