package io.kaiseki.pipelines.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.Arrivals;
import io.kaiseki.pipelines.bench.Bench;
import io.kaiseki.pipelines.bench.BenchPlan;
import io.kaiseki.pipelines.bench.MixedBench;
import io.kaiseki.pipelines.bench.MixedPlan;
import io.kaiseki.pipelines.bench.OverheadBench;
import io.kaiseki.pipelines.bench.OverheadPlan;
import io.kaiseki.pipelines.bench.report.BenchJson;
import io.kaiseki.pipelines.bench.report.BenchPlot;
import io.kaiseki.pipelines.bench.report.BenchReport;
import io.kaiseki.pipelines.bench.report.BenchTable;
import io.kaiseki.pipelines.bench.report.MixedReport;
import io.kaiseki.pipelines.bench.report.OverheadReport;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measures what this machine can do. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures how many documents an hour this machine analyses, at several numbers of slots,"
            + " how close that comes to what its own rates allow, and how other ways to run the"
            + " same model compare, all of them taking turns. With --shape it needs no model: it"
            + " makes one up that takes the memory and the time of the real one.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki bench --shape deepseek-r1-distill-qwen-1.5b",
      "  kaiseki bench --model model.gguf --arms engine,llama-model --slots 1,4,8 --plot bench.svg",
      "  kaiseki bench --model model.gguf --workload mixed --live-share 0.3 --report bench.json",
      "  kaiseki bench --model model.gguf --analysis ./my-analysis --from ./archive",
      "  kaiseki bench --workload overhead"
    })
final class BenchCommand implements Callable<Integer> {

  private static final int BATCH_TOKENS = 512;
  private static final String KEEP_ALIVE = "kaiseki.engine.keepAliveSeconds";

  @ParentCommand private Kaiseki kaiseki;

  @Mixin private BenchOptions options;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  BenchCommand() {}

  @Override
  public Integer call() throws IOException {
    options.check();
    PrintWriter out = spec.commandLine().getOut();
    Workload workload = options.subject.full(options.subject.workload(), out::println);
    Path directory = Files.createTempDirectory("kaiseki-bench");
    // Engines of different slots must not stand in memory side by side.
    String keptBefore = System.setProperty(KEEP_ALIVE, "0");
    try {
      return measure(directory, workload);
    } catch (CancellationException e) {
      out.println("Stopped before anything was measured.");
      out.flush();
      return ExitCode.SOFTWARE;
    } finally {
      // The process may be one that goes on with other engines.
      if (keptBefore == null) {
        System.clearProperty(KEEP_ALIVE);
      } else {
        System.setProperty(KEEP_ALIVE, keptBefore);
      }
      TemporaryFiles.delete(directory);
    }
  }

  private int measure(Path directory, Workload workload) throws IOException {
    Path made = options.shape == null ? null : made(directory);
    try (BenchScreen screen =
        new BenchScreen(spec.commandLine().getOut(), spec.commandLine().getErr())) {
      if (options.subject.overhead()) {
        return overhead(directory, workload, screen);
      }
      return options.subject.mixed()
          ? mix(settings(made), workload, screen)
          : compare(directory, settings(made), workload, screen);
    }
  }

  private int compare(
      Path directory, LlamaCppSettings settings, Workload workload, BenchScreen screen)
      throws IOException {
    BenchPlan plan =
        new BenchPlan(
            settings,
            workload,
            options.arms(),
            options.rounds,
            options.cold,
            options.server.server(),
            directory);
    BenchReport report = new Bench(plan, screen, kaiseki.stop()::isRequested).run();
    screen.close();
    show(BenchTable.of(report));
    write(BenchJson.of(report), BenchPlot.of(report));
    return report.whole() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private int mix(LlamaCppSettings settings, Workload workload, BenchScreen screen)
      throws IOException {
    MixedPlan plan =
        new MixedPlan(
            settings,
            workload,
            options.slots(),
            options.rounds,
            options.liveShare(),
            Arrivals.named(options.arrivals()).orElseThrow());
    MixedReport report = new MixedBench(plan, screen, kaiseki.stop()::isRequested).run();
    screen.close();
    show(report.table());
    write(report.json(), "");
    return report.ending().whole() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private int overhead(Path directory, Workload workload, BenchScreen screen) throws IOException {
    OverheadPlan plan =
        new OverheadPlan(workload, OverheadPlan.DEFAULT_PACED, options.rounds, directory);
    OverheadReport report = new OverheadBench(plan, screen, kaiseki.stop()::isRequested).run();
    screen.close();
    show(report.table());
    write(report.json(), "");
    return report.ending().whole() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void show(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  private void write(JsonNode report, String plot) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (options.report != null) {
      WholeFile.writeJson(options.report, report);
      out.println("Report in " + options.report);
    }
    if (options.plot != null && !plot.isEmpty()) {
      WholeFile.write(options.plot, plot);
      out.println("Plot in " + options.plot);
    }
    out.flush();
  }

  private LlamaCppSettings settings(@Nullable Path made) {
    return new LlamaCppSettings(
        String.valueOf(made == null ? options.model : made),
        "",
        1,
        0,
        BATCH_TOKENS,
        options.threads(),
        options.library());
  }

  private Path made(Path directory) throws IOException {
    Path file = directory.resolve("made-up-" + options.shape + ".gguf");
    try (Progress progress =
        Progress.ofBytes("Making up " + options.shape, spec.commandLine().getErr())) {
      ModelMaker.make(
          ModelShape.named(String.valueOf(options.shape)),
          file,
          MakeOptions.defaults().withProgress(progress::advanced));
    }
    return file;
  }
}
