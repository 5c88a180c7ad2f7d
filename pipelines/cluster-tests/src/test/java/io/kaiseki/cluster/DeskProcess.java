package io.kaiseki.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.job.JobFixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The desk of a job, of the libraries that the build has laid out for it and nothing else. */
final class DeskProcess implements AutoCloseable {

  private static final Path LIBRARIES = Path.of(System.getProperty("kaiseki.home"), "desk-lib");
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final Path log;

  /**
   * Starts it; it may not serve yet.
   *
   * @param directory takes its state and its log
   */
  DeskProcess(JobFixture job, Path directory) throws IOException {
    log = directory.resolve("desk.log");
    process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dkaiseki.log.file=" + directory.resolve("desk-details.log"),
                "-cp",
                LIBRARIES + "/*",
                "io.kaiseki.desk.cli.DeskCommand",
                JobFixture.MOOD,
                "--bootstrap=" + job.settings.kafka().bootstrapServers(),
                "--registry=" + job.settings.registry().address(),
                "--port=0",
                "--create-topics",
                "--auto-register",
                "--set=desk.name=" + job.settings.name() + "-desk",
                "--set=desk.state=" + directory.resolve("desk-state"),
                "--set=topics.documents=" + job.definition.topics().documents(),
                "--set=topics.results=" + job.definition.topics().results(),
                "--set=topics.dead-letters=" + job.definition.topics().deadLetters())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * How many results it has counted, all of them fresh.
   *
   * @throws IOException if it does not serve yet, or no longer
   */
  int answered() throws IOException, InterruptedException {
    return get("statistics").at("/statistics/hour/answered").asInt();
  }

  /** How many documents it shows. */
  int documents() throws IOException, InterruptedException {
    return get("documents?limit=1").path("total").asInt();
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    String printed = Files.readString(log);
    Matcher address = ADDRESS.matcher(printed);
    if (!address.find()) {
      throw new IOException("the desk does not serve yet: " + printed);
    }
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(address.group() + "api/v1/" + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + ": " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
