package io.kaiseki.pipelines.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.Bench;
import io.kaiseki.pipelines.bench.BenchReport;
import io.kaiseki.pipelines.bench.EngineRun;
import io.kaiseki.pipelines.bench.Workload;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what this machine can do. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures how many documents an hour this machine analyses, at several numbers of slots,"
            + " and how close that comes to what its own rates allow. With --shape it needs no model:"
            + " it makes one up that takes the memory and the time of the real one.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki bench --shape deepseek-r1-distill-qwen-1.5b",
      "  kaiseki bench --model model.gguf --workload reasoning --slots 4,8 --report bench.json"
    })
final class BenchCommand implements Callable<Integer> {

  private static final int DEPTH = 600;
  private static final int BATCH_TOKENS = 512;

  @Option(names = "--model", paramLabel = "FILE", description = "GGUF file to measure.")
  private @Nullable Path model;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description = "Measure a made-up model of this shape; see kaiseki model make.")
  private @Nullable String shape;

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      defaultValue = "triage",
      description = "triage, long-prefix or reasoning; default ${DEFAULT-VALUE}.")
  private String workload;

  @Option(
      names = "--slots",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,4,8",
      description = "Numbers of slots to compare; default ${DEFAULT-VALUE}.")
  private List<Integer> slots;

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "16",
      description = "Documents of a pass; default ${DEFAULT-VALUE}.")
  private int documents;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Passes for each number of slots; default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Compute threads; default all cores but one.")
  private int threads;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  BenchCommand() {}

  @Override
  public Integer call() throws IOException {
    Workload chosen = checked();
    PrintWriter out = spec.commandLine().getOut();
    // Engines of different slots must not stand in memory side by side.
    System.setProperty("kaiseki.engine.keepAliveSeconds", "0");
    Path file = model == null ? made() : model;
    LlamaCppSettings settings =
        new LlamaCppSettings(file.toString(), "", 1, 0, BATCH_TOKENS, threads, "");
    BenchReport measured = new Bench(settings, chosen, slots, rounds, DEPTH).run(new Listener(out));
    print(out, measured);
    if (report != null) {
      JsonMapper.builder()
          .build()
          .writerWithDefaultPrettyPrinter()
          .writeValue(report.toFile(), measured.asMap());
      out.println("Report in " + report);
    }
    return ExitCode.OK;
  }

  private Workload checked() {
    List<ConfigurationProblem> problems = new ArrayList<>();
    if ((model == null) == (shape == null)) {
      problems.add(new ConfigurationProblem("--model", "", "give either --model or --shape"));
    }
    if (model != null && !Files.isRegularFile(model)) {
      problems.add(
          new ConfigurationProblem("--model", model.toString(), "no such file; name a GGUF file"));
    }
    if (shape != null && !ModelShape.names().contains(shape)) {
      problems.add(
          new ConfigurationProblem(
              "--shape", shape, "choose one of " + String.join(", ", ModelShape.names())));
    }
    atLeastOne(problems, "--documents", documents);
    atLeastOne(problems, "--rounds", rounds);
    slots.forEach(count -> atLeastOne(problems, "--slots", count));
    if (threads < 0) {
      problems.add(
          new ConfigurationProblem("--threads", String.valueOf(threads), "expected 0 or more"));
    }
    Optional<Workload> found = Workload.named(workload, Math.max(1, documents));
    if (found.isEmpty()) {
      problems.add(
          new ConfigurationProblem(
              "--workload", workload, "choose one of " + String.join(", ", Workload.names())));
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return found.orElseThrow();
  }

  private static void atLeastOne(List<ConfigurationProblem> problems, String option, int value) {
    if (value < 1) {
      problems.add(
          new ConfigurationProblem(
              option, String.valueOf(value), "expected a whole number from 1 on"));
    }
  }

  private Path made() throws IOException {
    Path file = Files.createTempFile("kaiseki-" + shape, ".gguf");
    file.toFile().deleteOnExit();
    try (Progress progress = Progress.ofBytes("Making up " + shape, spec.commandLine().getErr())) {
      ModelMaker.make(
          ModelShape.named(String.valueOf(shape)),
          file,
          MakeOptions.defaults().withProgress(progress::advanced));
    }
    return file;
  }

  private static void print(PrintWriter out, BenchReport measured) {
    EngineRun tokens = measured.rows().get(0).tokens();
    double count = tokens.documents();
    out.printf(
        Locale.ROOT,
        "%n%s: %.0f tokens read, %.0f reasoned, %.0f answered (%.0f of them forced) for a document%n",
        measured.workload(),
        tokens.read() / count,
        tokens.reasoned() / count,
        (tokens.sampled() + tokens.forced()) / count,
        tokens.forced() / count);
    out.printf(
        "%n%5s  %10s  %17s  %9s  %10s  %7s%n",
        "slots", "documents/h", "documents/s", "spread", "ceiling/s", "reached");
    for (BenchReport.Row row : measured.rows()) {
      out.printf(
          Locale.ROOT,
          "%5d  %11.0f  %17.3f  %4.1f%%  %14.3f  %6.0f%%%n",
          row.slots(),
          row.median() * 3600,
          row.median(),
          100 * (row.greatest() - row.least()) / row.median(),
          row.ceiling(),
          100 * row.share());
    }
    out.flush();
  }

  /** Shows where the bench stands. */
  private record Listener(PrintWriter out) implements Bench.Listener {

    @Override
    public void rates(ModelRates rates) {
      out.printf(Locale.ROOT, "This machine reads %.1f tokens/s", rates.prefill());
      rates
          .decode()
          .forEach(
              (width, rate) ->
                  out.printf(Locale.ROOT, ", decodes %.1f with %d at once", rate, width));
      out.println(".");
      out.flush();
    }

    @Override
    public void pass(int round, int slots) {
      out.printf("Round %d with %d slots%n", round, slots);
      out.flush();
    }

    @Override
    public void documents(long done, long total) {
      if (done == total) {
        out.printf("  %d documents done%n", done);
        out.flush();
      }
    }
  }
}
