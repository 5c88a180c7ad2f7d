package io.kaiseki.pipelines.faults;

import io.kaiseki.pipelines.embedded.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A broker in a process of its own, to be stopped and killed. */
final class BrokerProcess implements AutoCloseable {

  private final Path directory;
  private Process process;
  private String bootstrapServers;

  BrokerProcess(Path directory) throws IOException {
    this.directory = directory;
    start(0);
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /** It keeps its connections and its memory and does nothing (SIGSTOP). */
  void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Comes back at the same address with what the killed one has left on disk. */
  void restart() throws IOException {
    start(Integer.parseInt(bootstrapServers.substring(bootstrapServers.indexOf(':') + 1)));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void start(int port) throws IOException {
    process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                KilledJob.classPath(),
                EmbeddedBroker.class.getName(),
                directory.toString(),
                String.valueOf(port))
            .redirectError(Path.of("target", "broker-process.log").toFile())
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    bootstrapServers = output.readLine();
    if (bootstrapServers == null) {
      throw new IOException("the broker did not start; see target/broker-process.log");
    }
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", signal, String.valueOf(process.pid())).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill " + signal + " failed");
    }
  }
}
