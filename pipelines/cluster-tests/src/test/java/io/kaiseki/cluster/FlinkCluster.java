package io.kaiseki.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.embedded.Lifeline;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A standalone Flink session cluster: JobManager and TaskManagers as processes of their own, made
 * of Flink's jars and of the directory {@code flink/lib} that the build has laid out for the image.
 * Flink's configuration is the image's, but for addresses, sizes and how soon a death is noticed.
 */
final class FlinkCluster implements AutoCloseable {

  static final int MACHINES = 2;

  /** The layout of the image. */
  static final Path LAYOUT = Path.of(System.getProperty("kaiseki.home"), "flink");

  static final Path JOB_JAR = LAYOUT.resolve(Path.of("usrlib", "kaiseki-job.jar"));

  private static final Path IMAGE_CONFIGURATION =
      Path.of("..", "..", "docker", "flink", "config.yaml");
  private static final String SQL_CLIENT = "sql-client";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();
  private static final String HOST = "127.0.0.1";

  /** What this test runs with. */
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  /** Flink itself, as its distribution has it: no connector, nothing of ours. */
  private static final List<String> FLINK =
      List.of(
          "flink-annotations-",
          "flink-cep-",
          "flink-clients-",
          "flink-connector-datagen-",
          "flink-connector-files-",
          "flink-core-",
          "flink-datastream-",
          "flink-file-sink-common-",
          "flink-hadoop-fs-",
          "flink-json-",
          "flink-metrics-core-",
          "flink-python-",
          "flink-queryable-state-",
          "flink-rpc-",
          "flink-runtime-2",
          "flink-shaded-",
          "flink-sql-client-",
          "flink-sql-gateway-",
          "flink-streaming-java-",
          "flink-table-",
          "commons-cli-",
          "commons-codec-",
          "commons-collections-",
          "commons-compress-",
          "commons-io-",
          "commons-lang3-",
          "commons-math3-",
          "commons-text-",
          "icu4j-",
          "javassist-",
          "jsr305-",
          "kryo-",
          "lz4-java-",
          "minlog-",
          "objenesis-",
          "reflectasm-",
          "RoaringBitmap-",
          "snakeyaml-engine-",
          "snappy-java-",
          "slf4j-api-",
          "log4j-api-",
          "log4j-core-",
          "log4j-slf4j-impl-");

  private final Path directory;
  private final int restPort = freePort();
  private final Process jobManager;
  private final Map<Integer, Process> taskManagers = new LinkedHashMap<>();

  /**
   * Starts the JobManager; it may not serve yet.
   *
   * @param directory takes logs, scratch files and the journals of crashes
   */
  FlinkCluster(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    configure();
    this.jobManager =
        launch(
            "jobmanager",
            "384m",
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            List.of("--configDir", directory.toString()));
  }

  String address() {
    return HOST + ":" + restPort;
  }

  /** Starts a TaskManager, of one slot, on each machine that has none. */
  void startMissingTaskManagers() throws IOException {
    for (int machine = 1; machine <= MACHINES; machine++) {
      Process known = taskManagers.get(machine);
      if (known == null || !known.isAlive()) {
        taskManagers.put(machine, launchTaskManager(machine));
      }
    }
  }

  private Process launchTaskManager(int machine) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--configDir", directory.toString()));
    memory()
        .forEach(
            (key, value) -> {
              arguments.add("-D");
              arguments.add(key + "=" + value);
            });
    return launch(
        "taskmanager-" + machine,
        "512m",
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        arguments);
  }

  /** Waits until the JobManager serves and has so many slots that are free. */
  void awaitFreeSlots(int count) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> get("/overview").path("slots-available").asInt() >= count);
  }

  /** Kills the TaskManager on a machine (SIGKILL). */
  void kill(int machine) throws InterruptedException {
    Objects.requireNonNull(taskManagers.remove(machine)).destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return jobManager.isAlive() && taskManagers.values().stream().allMatch(Process::isAlive);
  }

  /**
   * Runs Flink's own command against this cluster.
   *
   * @return what it printed
   * @throws IOException if it does not end with 0, with what it printed
   */
  String flink(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addAll(1, List.of("--jobmanager", address()));
    return client("flink-" + arguments[0], "org.apache.flink.client.cli.CliFrontend", command);
  }

  /**
   * Runs Flink's own SQL client against this cluster. Nothing of ours is in its {@code lib}.
   *
   * @param statements each with its semicolon
   * @return what it printed
   * @throws IOException if it does not end with 0, with what it printed
   */
  String sqlClient(List<String> statements) throws IOException, InterruptedException {
    List<String> script =
        new ArrayList<>(
            List.of(
                "SET 'execution.target' = 'remote';",
                "SET 'rest.address' = '" + HOST + "';",
                "SET 'rest.port' = '" + restPort + "';"));
    script.addAll(statements);
    Path file = Files.write(directory.resolve("statements.sql"), script);
    return client(
        SQL_CLIENT,
        "org.apache.flink.table.client.SqlClient",
        List.of("embedded", "--file", file.toString()));
  }

  private String client(String name, String main, List<String> arguments)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(directory, name + "-", ".log");
    Process process = launch(log, name, "256m", main, arguments);
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String printed = Files.readString(log);
    if (process.waitFor() != 0) {
      throw new IOException(name + " " + String.join(" ", arguments) + "\n" + printed);
    }
    return printed;
  }

  /** Ends all jobs that are not over. */
  void cancelJobs() throws IOException, InterruptedException {
    JsonNode jobs = get("/jobs").path("jobs");
    for (JsonNode job : jobs) {
      if (List.of("RUNNING", "RESTARTING", "CREATED").contains(job.path("status").asText())) {
        HTTP.send(
            HttpRequest.newBuilder(uri("/jobs/" + job.path("id").asText() + "?mode=cancel"))
                .method("PATCH", HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding());
      }
    }
  }

  /** What its REST interface answers, as it stands. */
  String rest(String path) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(rest(path));
  }

  private URI uri(String path) {
    return URI.create("http://" + address() + path);
  }

  /** All that its processes have logged. */
  String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).toList()) {
        all.append(Files.readString(log));
      }
    }
    return all.toString();
  }

  @Override
  public void close() {
    taskManagers.values().forEach(Process::destroyForcibly);
    jobManager.destroyForcibly();
  }

  private void configure() throws IOException {
    Map<String, String> own = new LinkedHashMap<>();
    own.put("jobmanager.rpc.address", HOST);
    own.put("jobmanager.rpc.port", String.valueOf(freePort()));
    own.put("jobmanager.bind-host", HOST);
    own.put("taskmanager.host", HOST);
    own.put("taskmanager.bind-host", HOST);
    own.put("rest.bind-address", HOST);
    own.put("rest.port", String.valueOf(restPort));
    own.put("heartbeat.interval", "500");
    // A killed process is noticed by its closed connection; a busy machine is not a dead one.
    own.put("heartbeat.timeout", "60000");
    own.put("pekko.startup-timeout", "2 min");
    own.put("pekko.ask.timeout", "1 min");
    own.put("io.tmp.dirs", directory.toString());
    Stream<String> images =
        Files.readAllLines(IMAGE_CONFIGURATION).stream()
            .filter(line -> !own.containsKey(line.split(":", 2)[0]))
            // Options of the JVM are for Flink's start script, and two TaskManagers on one machine
            // can't have the same port.
            .filter(line -> !line.startsWith("env.") && !line.startsWith("  "))
            .filter(line -> !line.startsWith("taskmanager.rpc.port"))
            // The reporter is a plugin of Flink's distribution.
            .filter(line -> !line.startsWith("metrics."));
    Files.write(
        directory.resolve("config.yaml"),
        Stream.concat(
                images,
                own.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue()))
            .toList());
    Path lifeline = lifeline().resolve(Lifeline.class.getName().replace('.', '/') + ".class");
    Files.createDirectories(lifeline.getParent());
    try (InputStream in = Lifeline.class.getResourceAsStream("Lifeline.class")) {
      Files.write(lifeline, Objects.requireNonNull(in).readAllBytes());
    }
  }

  /** What Flink's start script works out of the image's configuration, here for a small machine. */
  private static Map<String, String> memory() {
    Map<String, String> memory = new LinkedHashMap<>();
    memory.put("taskmanager.numberOfTaskSlots", "1");
    memory.put("taskmanager.cpu.cores", "1.0");
    memory.put("taskmanager.memory.framework.heap.size", "64m");
    memory.put("taskmanager.memory.framework.off-heap.size", "64m");
    memory.put("taskmanager.memory.task.heap.size", "256m");
    memory.put("taskmanager.memory.task.off-heap.size", "64m");
    memory.put("taskmanager.memory.network.min", "32m");
    memory.put("taskmanager.memory.network.max", "32m");
    memory.put("taskmanager.memory.managed.size", "0m");
    memory.put("taskmanager.memory.jvm-metaspace.size", "192m");
    memory.put("taskmanager.memory.jvm-overhead.min", "64m");
    memory.put("taskmanager.memory.jvm-overhead.max", "64m");
    memory.put("external-resources", "none");
    return memory;
  }

  private Process launch(String name, String heap, String main, List<String> arguments)
      throws IOException {
    return launch(directory.resolve(name + ".log"), name, heap, main, arguments);
  }

  private Process launch(Path log, String machine, String heap, String main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.time=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "-Dlog4j2.configurationFile="
                + Path.of("src", "test", "resources", "log4j2-cluster.properties").toUri(),
            "-Dkaiseki.journal=" + directory.resolve(machine + "-journal"),
            "-Dkaiseki.cache=" + directory.resolve(machine + "-cache"),
            "-cp",
            machine.equals(SQL_CLIENT) ? flinkItself() : flinkWithOurLibraries(),
            Lifeline.class.getName(),
            main));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("FLINK_CONF_DIR", directory.toString());
    return builder.start();
  }

  private String flinkWithOurLibraries() {
    return LAYOUT.resolve("lib") + "/*" + File.pathSeparator + flinkItself();
  }

  private String flinkItself() {
    Stream<String> jars =
        Arrays.stream(CLASS_PATH.split(File.pathSeparator))
            .filter(
                entry ->
                    FLINK.stream().anyMatch(new File(entry).getName()::startsWith)
                        && !entry.endsWith("-tests.jar"));
    return Stream.concat(jars, Stream.of(lifeline().toString()))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Path lifeline() {
    return directory.resolve("lifeline");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
