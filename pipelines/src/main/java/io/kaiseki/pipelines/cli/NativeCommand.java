package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.llamacpp.NativeProbe;
import io.kaiseki.inference.llamacpp.build.BuildInstaller;
import io.kaiseki.inference.llamacpp.build.BuildRefusedException;
import io.kaiseki.inference.llamacpp.build.InstalledBuild;
import io.kaiseki.inference.llamacpp.build.NativeCache;
import io.kaiseki.inference.llamacpp.build.NpmClient;
import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Builds of llama.cpp beside the one that ships. */
@Command(
    name = "native",
    mixinStandardHelpOptions = true,
    description =
        "Shows, installs and verifies builds of llama.cpp beside the one that ships. A current build"
            + " knows newer models and uses what newer CPUs can do. With model.library = auto, which"
            + " is the default, the best that is installed is taken.",
    subcommands = {NativeCommand.Show.class, NativeCommand.Add.class, NativeCommand.Verify.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki native list",
      "  kaiseki native add",
      "  kaiseki run ticket-triage --config kaiseki.yaml -s model.library=shipped"
    })
final class NativeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  NativeCommand() {}

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }

  /** Shows them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description =
          "Shows the builds that are known, whether they are installed and whole, and which one"
              + " model.library = auto takes on this machine. Loads them in a process of their own.",
      footerHeading = "%nExample:%n",
      footer = "  kaiseki native list")
  static final class Show implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Show() {}

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      String automatic = "shipped";
      for (PinnedBuild build : PinnedBuild.all()) {
        InstalledBuild installed = InstalledBuild.inCache(build);
        out.printf("%-10s %s%n", build.name(), build.title());
        line(out, "made for", build.operatingSystem() + " " + build.machine());
        line(out, "from", npmName(build) + ", " + build.licence());
        line(out, "needs", build.needs());
        line(out, "CPU variants", String.join(", ", build.variants()));
        if (!build.forThisPlatform()) {
          line(out, "state", "not for this platform");
        } else if (!installed.present()) {
          line(out, "state", "available: kaiseki native add " + build.name());
        } else {
          Optional<NativeProbe> probe = probe(out, installed);
          if (probe.isPresent() && automatic.equals("shipped")) {
            automatic = build.name();
          }
        }
      }
      out.printf("%-10s %s%n", "shipped", "llama.cpp b4916 (java-llama.cpp 4.2.0)");
      line(out, "needs", "libgomp1 and libstdc++6; on x86-64, a CPU with AVX2");
      line(out, "CPU variants", "one");
      line(out, "state", "ships with this product");
      out.printf("%nmodel.library = auto takes %s on this machine.%n", automatic);
      out.flush();
      return ExitCode.OK;
    }

    private static Optional<NativeProbe> probe(PrintWriter out, InstalledBuild installed) {
      line(out, "in", installed.directory().toString());
      Optional<String> problem = installed.problem();
      if (problem.isPresent()) {
        line(out, "state", "broken: " + problem.get() + "; install it again");
        return Optional.empty();
      }
      try {
        NativeProbe probe = NativeProbe.inChild(installed);
        line(out, "state", "verified");
        line(out, "runs here as", probe.build());
        line(out, "fit of CPUs", fit(probe.scores()));
        return Optional.of(probe);
      } catch (BuildRefusedException e) {
        line(out, "state", "installed, but " + e.getMessage());
        return Optional.empty();
      }
    }

    private static String fit(Map<String, Integer> scores) {
      return scores.entrySet().stream()
          .filter(score -> score.getValue() > 0)
          .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
          .map(score -> score.getKey() + " " + score.getValue())
          .collect(Collectors.joining(", "));
    }
  }

  /** Installs one. */
  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description =
          "Installs a build for this user. npm fetches it, with the registry and proxy that npm is"
              + " set to, or it comes from a file. It is unpacked only if its SHA-512 is the one"
              + " that this product knows, and takes its place only if it runs on this machine.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  kaiseki native add",
        "  kaiseki native add v0.5.0 --from node-llama-cpp-linux-x64-3.22.1.tgz"
      })
  static final class Add implements Callable<Integer> {

    @Parameters(
        paramLabel = "NAME",
        arity = "0..1",
        description = "Which build; without it, the best for this platform.")
    private @Nullable String name;

    @Option(
        names = "--from",
        paramLabel = "FILE.tgz",
        description = "The npm package as a file, instead of fetching it.")
    private @Nullable Path from;

    @Option(names = "--force", description = "Install it again even if it is there and whole.")
    private boolean force;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Add() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
      PinnedBuild build = chosen(name);
      if (!build.forThisPlatform()) {
        throw problem(
            "NAME",
            build.name(),
            "is made for " + build.operatingSystem() + " " + build.machine() + ", not for this");
      }
      PrintWriter out = spec.commandLine().getOut();
      InstalledBuild there = InstalledBuild.inCache(build);
      if (!force && there.present() && there.problem().isEmpty()) {
        out.printf("%s is installed and whole: %s%n", build.title(), there.directory());
        out.flush();
        return ExitCode.OK;
      }
      Path directory = Files.createTempDirectory(NativeCache.created(), ".fetch-");
      try {
        install(build, from == null ? fetched(build, directory, out) : from, out);
      } finally {
        delete(directory);
      }
      return ExitCode.OK;
    }

    private static Path fetched(PinnedBuild build, Path directory, PrintWriter out)
        throws IOException, InterruptedException {
      out.printf("Fetching %s with npm ...%n", npmName(build));
      out.flush();
      return new NpmClient().fetch(build, directory);
    }

    private static void install(PinnedBuild build, Path archive, PrintWriter out)
        throws IOException {
      out.println("Checking, unpacking and trying it ...");
      out.flush();
      String[] runs = new String[1];
      InstalledBuild installed =
          new BuildInstaller(candidate -> runs[0] = NativeProbe.inChild(candidate).build())
              .install(build, archive);
      out.printf("Installed in %s%n", installed.directory());
      out.printf("Runs here as %s; model.library = auto takes it from now on.%n", runs[0]);
      out.flush();
    }

    private static void delete(Path directory) throws IOException {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  /** Checks what is installed. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description =
          "Compares each file of an installed build with its known SHA-256, then loads it in a"
              + " process of its own, checks its binary layout and runs a tiny model.",
      footerHeading = "%nExample:%n",
      footer = "  kaiseki native verify")
  static final class Verify implements Callable<Integer> {

    @Parameters(
        paramLabel = "NAME",
        arity = "0..1",
        description = "Which build; without it, the best for this platform.")
    private @Nullable String name;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Verify() {}

    @Override
    public Integer call() {
      PinnedBuild build = chosen(name);
      InstalledBuild installed = InstalledBuild.inCache(build);
      if (!installed.present()) {
        throw new BuildRefusedException(
            build.name() + " is not installed; run 'kaiseki native add " + build.name() + "'");
      }
      installed
          .problem()
          .ifPresent(
              problem -> {
                throw new BuildRefusedException(
                    installed.directory()
                        + " is not "
                        + build.title()
                        + ": "
                        + problem
                        + "; run 'kaiseki native add "
                        + build.name()
                        + "'");
              });
      PrintWriter out = spec.commandLine().getOut();
      out.printf("%d files are what they must be.%n", build.files().size());
      out.flush();
      out.printf("Loaded in a process of its own: %s%n", NativeProbe.inChild(installed).build());
      out.flush();
      return ExitCode.OK;
    }
  }

  private static PinnedBuild chosen(@Nullable String name) {
    String names =
        PinnedBuild.all().stream().map(PinnedBuild::name).collect(Collectors.joining(", "));
    if (name != null) {
      return PinnedBuild.named(name)
          .orElseThrow(() -> problem("NAME", name, "is no known build; there is " + names));
    }
    return PinnedBuild.all().stream()
        .filter(PinnedBuild::forThisPlatform)
        .findFirst()
        .orElseThrow(
            () -> problem("NAME", "", "no build is known for this platform; there is " + names));
  }

  private static ConfigurationException problem(String key, String value, String remedy) {
    return new ConfigurationException(List.of(new ConfigurationProblem(key, value, remedy)));
  }

  private static String npmName(PinnedBuild build) {
    return build.npmPackage() + " " + build.npmVersion();
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("  %-14s %s%n", name, value);
  }
}
