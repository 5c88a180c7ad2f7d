package io.kaiseki.pipelines.embedded;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apicurio Registry as a child process on loopback, serving Confluent's API from memory. It ends
 * with this process, also when this process is killed.
 */
public final class EmbeddedRegistry implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRegistry.class);
  private static final String MAIN_CLASS = "io.quarkus.runner.GeneratedMain";
  private static final String API = "/apis/ccompat/v7";
  private static final Pattern LISTENING =
      Pattern.compile("Listening on: http://127\\.0\\.0\\.1:(\\d+)");
  private static final Duration START_LIMIT = Duration.ofSeconds(120);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Process process;
  private final String url;

  private EmbeddedRegistry(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts a registry on a free port and returns when it serves.
   *
   * @param application directory of the unpacked registry, see {@link Installation#registry}
   * @param log file that takes what the registry prints
   * @throws IllegalStateException if it does not come up within two minutes; the message ends in
   *     what it printed last, and nothing is left running
   */
  public static EmbeddedRegistry start(Path application, Path log) {
    Process process = launch(application, log);
    boolean started = false;
    try {
      Instant limit = Instant.now().plus(START_LIMIT);
      String url = "http://127.0.0.1:" + awaitPort(process, log, limit) + API;
      awaitHealth(process, url, log, limit);
      LOG.info("registry started url={} pid={}", url, process.pid());
      started = true;
      return new EmbeddedRegistry(process, url);
    } catch (IOException e) {
      throw new IllegalStateException("the embedded registry can't be reached: " + e, e);
    } finally {
      if (!started) {
        process.destroyForcibly();
      }
    }
  }

  /** Address of the Confluent API, to be given as {@code schema.registry.url}. */
  public String url() {
    return url;
  }

  @Override
  public void close() {
    // Its content lives in memory: there is nothing that an orderly end would save.
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Process launch(Path application, Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      return new ProcessBuilder(
              ProcessHandle.current().info().command().orElse("java"),
              "-Xmx256m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-Dquarkus.http.host=127.0.0.1",
              "-Dquarkus.http.port=0",
              "-Dquarkus.log.level=WARN",
              "-Dquarkus.log.category.\"io.quarkus\".level=INFO",
              "-cp",
              Installation.ownClasses()
                  + System.getProperty("path.separator")
                  + runner(application),
              Lifeline.class.getName(),
              MAIN_CLASS)
          .directory(application.toFile())
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "the embedded registry can't be started from " + application + ": " + e.getMessage(), e);
    }
  }

  private static Path runner(Path application) throws IOException {
    try (Stream<Path> files = Files.list(application)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
          .findFirst()
          .map(Path::toAbsolutePath)
          .orElseThrow(() -> new IOException("it holds no *-runner.jar"));
    }
  }

  private static int awaitPort(Process process, Path log, Instant limit) throws IOException {
    while (true) {
      OptionalInt port = port(Files.readString(log, StandardCharsets.UTF_8));
      if (port.isPresent()) {
        return port.getAsInt();
      }
      pause(process, log, limit);
    }
  }

  private static OptionalInt port(String output) {
    Matcher matcher = LISTENING.matcher(output);
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  private static void awaitHealth(Process process, String url, Path log, Instant limit)
      throws IOException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/subjects"))
            .timeout(Duration.ofSeconds(5))
            .build();
    while (true) {
      try {
        if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (ConnectException | HttpTimeoutException e) {
        LOG.debug("registry not ready url={}", url, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the registry started", e);
      }
      pause(process, log, limit);
    }
  }

  private static void pause(Process process, Path log, Instant limit) {
    try {
      if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            LastLines.after("the embedded registry ended with code " + process.exitValue(), log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the registry started", e);
    }
    if (Instant.now().isAfter(limit)) {
      throw new IllegalStateException(
          LastLines.after(
              "the embedded registry did not start within " + START_LIMIT.toSeconds() + " s", log));
    }
  }
}
