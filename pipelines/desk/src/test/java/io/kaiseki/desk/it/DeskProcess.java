package io.kaiseki.desk.it;

import io.kaiseki.desk.cli.DeskCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The desk as users run it: a process of its own. */
final class DeskProcess implements AutoCloseable {

  private static final Pattern METRICS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/metrics");
  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");

  /** Whether it runs as the launcher runs it, for figures that mean something. */
  private static final boolean MEASURED = System.getProperty("kaiseki.desk.load") != null;

  private final TopicsFixture topics;
  private final Path output;
  private final Optional<String> token;
  private final List<String> options;
  private Process process;
  private int port;

  private DeskProcess(TopicsFixture topics, Optional<String> token, List<String> options)
      throws IOException {
    this.topics = topics;
    this.token = token;
    this.options = options;
    this.output = Files.createTempFile(Path.of("target").toAbsolutePath(), "desk-", ".out");
    launch();
  }

  /** Starts one and returns when it is ready. */
  static DeskProcess start(TopicsFixture topics, String... options) throws IOException {
    return new DeskProcess(topics, Optional.empty(), List.of(options)).awaitReady();
  }

  /** Starts one that asks for a token. */
  static DeskProcess startWithToken(TopicsFixture topics, String token) throws IOException {
    return new DeskProcess(topics, Optional.of(token), List.of("-s", "desk.token=" + token))
        .awaitReady();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Comes back on the same port. */
  DeskProcess restart() throws IOException {
    launch();
    return awaitReady();
  }

  /** Ends it as Ctrl-C does; its exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  ApiClient api() {
    return new ApiClient(url(), token);
  }

  /** Where Prometheus finds its metrics. */
  URI metrics() throws IOException {
    Matcher matcher = METRICS.matcher(printed());
    if (!matcher.find()) {
      throw new IOException("no metrics in " + printed());
    }
    return URI.create(matcher.group());
  }

  String printed() throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void launch() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dkaiseki.log.file=" + Path.of("target", "desk-process.log").toAbsolutePath(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                DeskCommand.class.getName(),
                "ticket-triage",
                "--bootstrap=" + DeskServices.bootstrapServers(),
                "--registry=" + DeskServices.registryUrl(),
                "--port=" + port,
                "--create-topics",
                "--auto-register",
                "-s",
                "desk.name=" + topics.name(),
                "-s",
                "desk.state=" + Path.of("target", "desk-state").toAbsolutePath()));
    if (!MEASURED) {
      // Short lives are over before the slow compiler has earned what it takes.
      command.add(1, "-XX:TieredStopAtLevel=1");
    }
    topics
        .settings()
        .forEach(
            setting -> {
              command.add("-s");
              command.add(setting);
            });
    command.addAll(options);
    Files.writeString(output, "");
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
  }

  private DeskProcess awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .failFast(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("the desk ended: " + printed());
              }
            })
        .until(
            () -> {
              Matcher matcher = URL.matcher(printed());
              if (!matcher.find()) {
                return false;
              }
              port = Integer.parseInt(matcher.group(1));
              return api().isReady();
            });
    return this;
  }
}
