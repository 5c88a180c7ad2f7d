package io.kaiseki.pipelines.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The desk as a child process on loopback: its RocksDB must not share a process with Flink's. It
 * ends with this process, also when this process is killed.
 */
public final class EmbeddedDesk implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDesk.class);
  private static final String MAIN_CLASS = "io.kaiseki.desk.cli.DeskCommand";
  private static final Pattern LISTENING = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+/)");
  private static final String LOG_FILE = "kaiseki.log.file";
  private static final String METRICS_PORT = "KAISEKI_METRICS_PORT";
  private static final Duration START_LIMIT = Duration.ofSeconds(120);
  private static final Duration POLL = Duration.ofMillis(100);

  /** Where a desk is unless told otherwise. */
  private static final int USUAL_PORT = 8090;

  private final Process process;
  private final String url;

  private EmbeddedDesk(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts a desk on its usual port, or on a free one where that is taken, and returns when it
   * listens. Its two topics and the schema of feedback are created.
   *
   * @param libraries the directory of its jars, see {@link Installation#desk}
   * @param analysis name of the analysis
   * @param bootstrapServers of the broker
   * @param registryUrl of the schema registry
   * @param directory for its state and for what it prints
   * @throws IllegalStateException if it does not come up within two minutes; the message ends in
   *     what it printed last, and nothing is left running
   */
  public static EmbeddedDesk start(
      Path libraries,
      String analysis,
      String bootstrapServers,
      String registryUrl,
      Path directory) {
    Path log = directory.resolve("desk.out");
    Process process = launch(libraries, analysis, bootstrapServers, registryUrl, directory, log);
    boolean started = false;
    try {
      String url = awaitUrl(process, log);
      LOG.info("desk started url={} pid={}", url, process.pid());
      started = true;
      return new EmbeddedDesk(process, url);
    } catch (IOException e) {
      throw new IllegalStateException("the desk can't be started: " + e, e);
    } finally {
      if (!started) {
        process.destroyForcibly();
      }
    }
  }

  /** Where its page is. */
  public String url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static Process launch(
      Path libraries,
      String analysis,
      String bootstrapServers,
      String registryUrl,
      Path directory,
      Path log) {
    try {
      Files.createDirectories(directory);
      ProcessBuilder builder =
          new ProcessBuilder(
              ProcessHandle.current().info().command().orElse("java"),
              "-Xmx256m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-D" + LOG_FILE + "=" + logFile(directory),
              "-cp",
              libraries.resolve("*")
                  + System.getProperty("path.separator")
                  + Installation.ownClasses(),
              Lifeline.class.getName(),
              MAIN_CLASS,
              analysis,
              "--bootstrap=" + bootstrapServers,
              "--registry=" + registryUrl,
              "--port=" + port(),
              "-s",
              "desk.state=" + directory.resolve("desk-state"),
              "--create-topics",
              "--auto-register");
      withoutSettings(builder.environment());
      return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new IllegalStateException("the desk can't be started: " + e.getMessage(), e);
    }
  }

  /**
   * Takes away what an environment sets for jobs and desks of the user's own: the security and the
   * password of another broker would keep this desk from its own, and another host would open it to
   * others. How a process is observed stays.
   */
  static void withoutSettings(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(name -> name.startsWith("KAISEKI_") && !name.startsWith("KAISEKI_METRICS_"));
    // A single port that is meant for this process is taken by it.
    environment.computeIfPresent(METRICS_PORT, (name, port) -> free(port));
  }

  /** A desk that fails names it, and this process may have deleted the directory by then. */
  private static Path logFile(Path directory) {
    String own = System.getProperty(LOG_FILE, "");
    return own.isEmpty()
        ? directory.resolve("desk.log")
        : Path.of(own).resolveSibling("kaiseki-demo-desk.log");
  }

  private static @Nullable String free(String port) {
    return port.matches("[1-9][0-9]*") ? null : port;
  }

  private static int port() {
    try (ServerSocket probe = new ServerSocket(USUAL_PORT, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException taken) {
      return 0;
    }
  }

  private static String awaitUrl(Process process, Path log) throws IOException {
    Instant limit = Instant.now().plus(START_LIMIT);
    while (true) {
      String printed = Files.readString(log, StandardCharsets.UTF_8);
      Optional<String> url =
          LISTENING.matcher(printed).results().findFirst().map(match -> match.group(1));
      if (url.isPresent()) {
        return url.get();
      }
      pause(process, log);
      if (Instant.now().isAfter(limit)) {
        throw new IllegalStateException(
            LastLines.after(
                "the desk did not start within " + START_LIMIT.toSeconds() + " s", log));
      }
    }
  }

  private static void pause(Process process, Path log) {
    try {
      if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            LastLines.after("the desk ended with code " + process.exitValue(), log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the desk started", e);
    }
  }
}
