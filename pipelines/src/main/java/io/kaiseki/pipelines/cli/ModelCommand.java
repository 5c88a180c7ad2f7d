package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.gguf.GgmlType;
import io.kaiseki.inference.gguf.Hyperparameters;
import io.kaiseki.inference.gguf.InvalidModelFileException;
import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.gguf.WeightEncoding;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelMemory;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Model files: making one up, and looking into one. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Makes up a model file, or shows what one holds and what it takes to run it.",
    subcommands = {ModelCommand.Make.class, ModelCommand.Inspect.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki model make --shape deepseek-r1-distill-qwen-1.5b --output 1.5b.gguf",
      "  kaiseki model inspect 1.5b.gguf --slots 8"
    })
final class ModelCommand implements Callable<Integer> {

  private static final double MIB = 1 << 20;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  ModelCommand() {}

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }

  /** Makes one up. */
  @Command(
      name = "make",
      mixinStandardHelpOptions = true,
      description =
          "Writes a GGUF file of a published shape with random weights. It takes the memory and the"
              + " time of the real model, and its answers mean nothing: for tests, and for knowing"
              + " what a machine can do before anything is downloaded.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  kaiseki model make --shape tiny --output tiny.gguf",
        "  kaiseki model make --shape deepseek-r1-distill-qwen-1.5b --weights Q8_0 -o q8.gguf",
        "  kaiseki model make --shape deepseek-r1-distill-qwen-1.5b --widen demo.gguf -o wide.gguf"
      })
  static final class Make implements Callable<Integer> {

    @Option(
        names = "--shape",
        paramLabel = "SHAPE",
        required = true,
        completionCandidates = ShapeNames.class,
        description = "One of ${COMPLETION-CANDIDATES}.")
    private String shape;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        required = true,
        description = "Where to write it.")
    private Path output;

    @Option(
        names = "--seed",
        paramLabel = "N",
        defaultValue = "1",
        description = "Equal seeds give equal files; default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
        names = "--weights",
        paramLabel = "TYPE",
        defaultValue = "Q4_0",
        description =
            "How they are stored, as real files of the shape are: Q4_0 (the output head in Q8_0),"
                + " Q8_0, BF16, F16 or F32; default ${DEFAULT-VALUE}. Which one is fastest depends on the"
                + " CPU.")
    private String weights;

    @Option(
        names = "--widen",
        paramLabel = "FILE",
        description =
            "No random weights: those of this small model, and zeros up to the shape. It answers as"
                + " the small one does, nearly, at the memory and the pace of the shape. Both must be"
                + " qwen2, such as the demo model and the Qwen distillations.")
    private @Nullable Path widen;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Make() {}

    @Override
    public Integer call() throws IOException {
      ModelShape made = shape();
      GgmlType type = weights();
      if (Files.exists(output) && !force) {
        throw new ConfigurationException(
            List.of(
                new ConfigurationProblem(
                    "--output",
                    output.toString(),
                    "is there already; pass --force to replace it")));
      }
      PrintWriter err = spec.commandLine().getErr();
      ModelFile small = widen == null ? null : opened("--widen", widen);
      try (Progress progress = Progress.ofBytes("Writing " + output.getFileName(), err)) {
        MakeOptions options =
            MakeOptions.defaults()
                .withSeed(seed)
                .withTypes(type, type == GgmlType.Q4_0 ? GgmlType.Q8_0 : type)
                .withProgress(progress::advanced);
        if (small == null) {
          ModelMaker.make(made, output, options);
        } else {
          widen(small, made, options);
        }
      }
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "%s: %s, %.1f MiB. %s%n",
          output,
          ModelFile.open(output).name(),
          Files.size(output) / MIB,
          meaning());
      return ExitCode.OK;
    }

    private void widen(ModelFile small, ModelShape made, MakeOptions options) throws IOException {
      try {
        ModelMaker.widen(small, made, output, options);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(
            List.of(
                new ConfigurationProblem(
                    "--widen", String.valueOf(widen), String.valueOf(e.getMessage()))));
      }
    }

    private String meaning() {
      return widen == null
          ? "Its weights are made up: answers are valid, and mean nothing."
          : "It answers as the small model does, nearly, at the memory and the pace of the shape.";
    }

    private GgmlType weights() {
      return WeightEncoding.TYPES.stream()
          .filter(type -> type.name().equalsIgnoreCase(weights))
          .findFirst()
          .orElseThrow(
              () ->
                  new ConfigurationException(
                      List.of(
                          new ConfigurationProblem(
                              "--weights", weights, "choose one of " + WeightEncoding.TYPES))));
    }

    private ModelShape shape() {
      try {
        return ModelShape.named(shape);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(
            List.of(
                new ConfigurationProblem(
                    "--shape", shape, "choose one of " + String.join(", ", ModelShape.names()))));
      }
    }
  }

  /** Looks into one. */
  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = "Shows what a GGUF file holds, whether it can run here and what that takes.",
      footerHeading = "%nExample:%n",
      footer = "  kaiseki model inspect model.gguf --slots 8 --context-tokens 16384")
  static final class Inspect implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The GGUF file.")
    private Path file;

    @Option(
        names = "--slots",
        paramLabel = "N",
        defaultValue = "8",
        description = "Documents at the same time; default ${DEFAULT-VALUE}.")
    private int slots;

    @Option(
        names = "--context-tokens",
        paramLabel = "N",
        defaultValue = "16384",
        description = "KV cells for all of them; default ${DEFAULT-VALUE}.")
    private int contextTokens;

    @Option(
        names = "--batch-tokens",
        paramLabel = "N",
        defaultValue = "512",
        description = "Most tokens in one call of the model; default ${DEFAULT-VALUE}.")
    private int batchTokens;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Inspect() {}

    @Override
    public Integer call() {
      ModelFile model = opened("FILE", file);
      Hyperparameters shape = model.hyperparameters();
      PrintWriter out = spec.commandLine().getOut();
      line(out, "name", model.name());
      line(
          out,
          "architecture",
          "%s, %d layers, embedding %,d, feed forward %,d, %d heads (%d for keys and values)",
          shape.architecture().id(),
          shape.blockCount(),
          shape.embeddingLength(),
          shape.feedForwardLength(),
          shape.headCount(),
          shape.kvHeadCount());
      line(out, "parameters", "%,d", model.parameterCount());
      line(out, "quantisation", model.quantisation());
      line(out, "vocabulary", "%,d tokens", model.vocabulary().size());
      line(out, "trained context", "%,d tokens", shape.contextLength());
      line(out, "file", "%.1f MiB", model.bytes() / MIB);
      line(out, "memory", ModelMemory.of(settings(), model).explain() + " for " + slots + " slots");
      line(out, "can run", "yes: the file passes every check that is made before native code");
      out.flush();
      return ExitCode.OK;
    }

    private LlamaCppSettings settings() {
      return new LlamaCppSettings(
          file.toString(), "", slots, contextTokens, batchTokens, 0, LlamaCppSettings.AUTO_LIBRARY);
    }

    private static void line(PrintWriter out, String name, String format, Object... values) {
      String text = values.length == 0 ? format : String.format(Locale.ROOT, format, values);
      out.printf("%-16s %s%n", name, text);
    }
  }

  private static ModelFile opened(String option, Path file) {
    try {
      return ModelFile.open(file);
    } catch (InvalidModelFileException e) {
      throw new ConfigurationException(
          List.of(
              new ConfigurationProblem(option, file.toString(), String.valueOf(e.getMessage()))));
    }
  }

  /** The shapes, for help and completion. */
  static final class ShapeNames implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return ModelShape.names().iterator();
    }
  }
}
