package io.kaiseki.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.embedded.Lifeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code kaiseki serve} as users run it: a process of its own, on a port of its own choice. */
final class ServeProcess implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("Serving (\\S+).* at (http://\\S+)");

  private final Process process;
  private final Path log;
  private final URI url;
  private final String model;

  private ServeProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    Matcher matcher =
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  assertThat(process.isAlive()).as(() -> read(log)).isTrue();
                  return ADDRESS.matcher(read(log));
                },
                Matcher::find);
    model = matcher.group(1);
    url = URI.create(matcher.group(2));
  }

  /** Starts {@code kaiseki serve} with these arguments. */
  static ServeProcess start(Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dkaiseki.journal=" + log.resolveSibling("journal"),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Lifeline.class.getName(),
            "io.kaiseki.pipelines.cli.Kaiseki",
            "serve",
            "--port=0"));
    command.addAll(List.of(arguments));
    return new ServeProcess(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log);
  }

  /** Where its API is, with {@code /v1} at the end. */
  URI url() {
    return url;
  }

  String model() {
    return model;
  }

  Process process() {
    return process;
  }

  String log() {
    return read(log);
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(30, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
