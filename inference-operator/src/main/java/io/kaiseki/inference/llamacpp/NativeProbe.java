package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.llamacpp.build.BuildRefusedException;
import io.kaiseki.inference.llamacpp.build.InstalledBuild;
import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a build of llama.cpp shows when it is loaded on this machine. It is loaded in a process of
 * its own: native code that fails takes that process down, not this one.
 *
 * @param build what it is, with the CPU variant that it runs on here
 * @param scores what each CPU variant says of this CPU: 0 if it can't run here, and more the better
 *     it fits
 */
public record NativeProbe(String build, Map<String, Integer> scores) {

  private static final String LINE = "probe ";
  private static final String BUILD = "build=";
  private static final String SCORE = "score.";
  private static final String ERROR = "error=";

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** How long a process that was killed may take to end. */
  private static final Duration END_BOUND = Duration.ofSeconds(10);

  /** Most characters of the process's last words that an error repeats. */
  private static final int WORDS = 400;

  public NativeProbe {
    scores = Map.copyOf(scores);
  }

  /**
   * Loads a build in a child process, checks its layout, and runs a tiny made-up model with it.
   * Takes a second or two.
   *
   * @throws BuildRefusedException if it does not load, has another layout, or dies
   */
  public static NativeProbe inChild(InstalledBuild installed) {
    return inChild(installed, directory -> command(installed, directory), PATIENCE);
  }

  /**
   * @param command the child process, by the directory that it may write to
   * @param patience how long it may take
   */
  static NativeProbe inChild(
      InstalledBuild installed, Function<Path, List<String>> command, Duration patience) {
    try (TrialDirectory directory = TrialDirectory.create()) {
      return run(installed, directory.path(), command.apply(directory.path()), patience);
    } catch (IOException e) {
      throw new BuildRefusedException(
          "a library could not be tried in a process of its own: " + e, e);
    }
  }

  private static List<String> command(InstalledBuild installed, Path directory) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-XX:+UseSerialGC",
        "-XX:-CreateCoredumpOnCrash",
        "-XX:ErrorFile=" + directory.resolve("crash.txt"),
        "-cp",
        System.getProperty("java.class.path"),
        NativeProbe.class.getName(),
        installed.build().name(),
        installed.directory().toString(),
        directory.toString());
  }

  private static NativeProbe run(
      InstalledBuild installed, Path directory, List<String> command, Duration patience)
      throws IOException {
    Path words = directory.resolve("words.txt");
    Process child =
        new ProcessBuilder(command)
            .directory(Path.of("").toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(words.toFile())
            .start();
    try {
      child.getOutputStream().close();
      if (!child.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw refused(installed, "it has not loaded within " + patience.toMinutes() + " minutes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(installed, "the trial was interrupted");
    } finally {
      awaitEnd(child.destroyForcibly());
    }
    // Whatever bytes they are: native code that dies may print any.
    String text = new String(Files.readAllBytes(words), StandardCharsets.UTF_8);
    return read(installed, child.exitValue(), text);
  }

  /** What still runs may still write, and its directory could not be deleted. */
  private static void awaitEnd(Process killed) {
    killed.onExit().completeOnTimeout(killed, END_BOUND.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static NativeProbe read(InstalledBuild installed, int exitCode, String words) {
    List<String> lines =
        words
            .lines()
            .filter(line -> line.startsWith(LINE))
            .map(line -> line.substring(LINE.length()))
            .toList();
    String build = "";
    Map<String, Integer> scores = new LinkedHashMap<>();
    for (String line : lines) {
      if (line.startsWith(ERROR)) {
        throw refused(installed, line.substring(ERROR.length()));
      }
      if (line.startsWith(BUILD)) {
        build = line.substring(BUILD.length());
      }
      if (line.startsWith(SCORE)) {
        int equals = line.indexOf('=');
        scores.put(
            line.substring(SCORE.length(), equals), Integer.valueOf(line.substring(equals + 1)));
      }
    }
    if (exitCode != 0 || build.isEmpty()) {
      throw refused(
          installed,
          "the process that loaded it ended with exit code "
              + exitCode
              + ": "
              + words.substring(Math.max(0, words.length() - WORDS)).strip());
    }
    return new NativeProbe(build, scores);
  }

  private static BuildRefusedException refused(InstalledBuild installed, String why) {
    return new BuildRefusedException(
        installed.build().title()
            + " does not work on this machine: "
            + why
            + "; it needs "
            + installed.build().needs());
  }

  /**
   * The child process.
   *
   * @param arguments name of the build, its directory, and a directory for a model
   */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      InstalledBuild installed =
          new InstalledBuild(PinnedBuild.named(arguments[0]).orElseThrow(), Path.of(arguments[1]));
      LlamaLibrary library = LlamaLibrary.at(installed.library(), installed);
      decodeOneToken(library, Path.of(arguments[2]));
      CpuVariants.scores(installed)
          .forEach((variant, score) -> out.println(LINE + SCORE + variant + "=" + score));
      out.println(LINE + BUILD + library.build());
    } catch (IOException | RuntimeException | LinkageError e) {
      out.println(LINE + ERROR + String.valueOf(e.getMessage()).replaceAll("\\R", " "));
      System.exit(1);
    }
    System.exit(0);
  }

  private static void decodeOneToken(LlamaLibrary library, Path directory) throws IOException {
    Path file = directory.resolve("tiny.gguf");
    ModelMaker.make(ModelShape.TINY, file, MakeOptions.defaults());
    try (NativeModel model = new NativeModel(library, ModelFile.open(file));
        NativeContext context = new NativeContext(model, 256, 32, 1, 1)) {
      context.clearBatch();
      context.add(100, 0, 0, true);
      context.decode();
      if (!Float.isFinite(context.logits(0).get(0))) {
        throw new IllegalStateException("it computes no numbers");
      }
    }
  }

  /** Where the child process writes; deleted with all that is in it. */
  private record TrialDirectory(Path path) implements Closeable {

    static TrialDirectory create() throws IOException {
      return new TrialDirectory(Files.createTempDirectory("kaiseki-probe"));
    }

    @Override
    public void close() throws IOException {
      try (Stream<Path> paths = Files.walk(path)) {
        for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(each);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }
}
